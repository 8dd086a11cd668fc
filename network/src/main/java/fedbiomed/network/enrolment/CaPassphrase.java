package fedbiomed.network.enrolment;

import fedbiomed.protocol.home.AtomicFiles;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where the passphrase of the CA's key comes from: the environment, else a file that only its owner can reach, else the
 * person at the terminal. Never a command line, which every user of the machine can read.
 */
public final class CaPassphrase {
    /** The environment variable that goes before the file. */
    public static final String VARIABLE = "FEDBIOMED_CA_PASSPHRASE";

    private static final int MAX_FILE_BYTES = 1024;
    private static final int FEWEST_CHARACTERS = 12;
    private static final int MADE_BYTES = 32;

    private final Path home;
    private final Path file;
    private final @Nullable String environment;
    private final Function<String, char @Nullable []> terminal;

    private CaPassphrase(
            Path home, Path file, @Nullable String environment, Function<String, char @Nullable []> terminal) {
        this.home = home;
        this.file = file;
        this.environment = environment;
        this.terminal = terminal;
    }

    /** @param configured the file, from {@code home} where relative; empty: beside the home, named after it */
    public static CaPassphrase of(Path home, String configured, Map<String, String> environment) {
        return new CaPassphrase(home, file(home, configured), environment.get(VARIABLE), _ -> null);
    }

    private static Path file(Path home, String configured) {
        if (!configured.isEmpty()) {
            return home.toAbsolutePath().resolve(configured).normalize();
        }
        // not within: whoever copies the folder, for a backup or as a thief, has not the passphrase as well
        var folder = home.toAbsolutePath().normalize();
        var name = folder.getFileName();
        return name == null ? folder.resolve("ca-passphrase") : folder.resolveSibling(name + ".ca-passphrase");
    }

    /** As this one, and asks there when neither environment nor file has it; null from nobody. */
    public CaPassphrase asking(Function<String, char @Nullable []> person) {
        return new CaPassphrase(home, file, environment, person);
    }

    /** The file that holds it, where no environment variable does. */
    public Path file() {
        return file;
    }

    /** Whether it lies in a file of its own. */
    public boolean isInFile() {
        return environment == null && Files.exists(file);
    }

    /** @throws FedbiomedException where it is nowhere, saying where it could be; or its file can be read by others */
    char[] known() {
        if (environment != null) {
            return checked(environment.toCharArray(), "the environment variable " + VARIABLE);
        }
        if (Files.exists(file)) {
            return read();
        }
        var said = terminal.apply("Passphrase of the key of the certificate authority in " + home + ": ");
        if (said != null && said.length > 0) {
            return said;
        }
        throw new FedbiomedException(
                ErrorCode.POLICY,
                "the key of the certificate authority in " + home + " is encrypted, and its passphrase is not known: "
                        + file + " is not there; put that file back (mode 600), set the environment variable "
                        + VARIABLE + ", or run this at a terminal and type it");
    }

    /** As {@link #known} for a key that is encrypted now; asks a terminal first, and makes the file where all are silent. */
    char[] forNewKey(SecureRandom random) throws IOException {
        if (environment != null || Files.exists(file)) {
            return known();
        }
        var said = terminal.apply("New passphrase for the key of the certificate authority: ");
        if (said != null) {
            return checked(said, "the passphrase");
        }
        var bytes = new byte[MADE_BYTES];
        random.nextBytes(bytes);
        var made = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        AtomicFiles.writeOwnerOnly(file, (made + "\n").getBytes(StandardCharsets.US_ASCII));
        return made.toCharArray();
    }

    private char[] read() {
        try {
            AtomicFiles.requireOwnerOnly(file);
            var text = new String(AtomicFiles.readBounded(file, MAX_FILE_BYTES), StandardCharsets.UTF_8);
            return checked(text.stripTrailing().toCharArray(), file.toString());
        } catch (IOException e) {
            throw new FedbiomedException(
                    ErrorCode.INTERNAL,
                    "the passphrase of the certificate authority's key cannot be read from " + file + " ("
                            + e.getMessage() + "); this user must be able to read it",
                    e);
        }
    }

    private static char[] checked(char[] passphrase, String where) {
        if (passphrase.length < FEWEST_CHARACTERS) {
            throw new FedbiomedException(
                    ErrorCode.POLICY,
                    where + " has " + passphrase.length + " characters; a passphrase of the certificate authority's key"
                            + " has at least " + FEWEST_CHARACTERS);
        }
        return passphrase;
    }
}
