package fedbiomed.data.fuzz;

import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What Jazzer calls, in a process of its own: each input is read to its end, or refused with our own exception. */
public final class FuzzTarget {
    /** The folder in which inputs are written. */
    static final String FOLDER = "fuzz.folder";
    /** The reader's name; without it an input's first byte says which. */
    static final String READER = "fuzz.reader";

    private static final int LONGEST_ERROR = 600;

    private static Path folder = Path.of("");
    private static @Nullable FuzzedReader only;

    private FuzzTarget() {}

    public static void fuzzerInitialize() throws IOException {
        folder = Path.of(System.getProperty(FOLDER));
        var reader = System.getProperty(READER);
        only = reader == null ? null : FuzzedReader.valueOf(reader);
        for (var each : FuzzedReader.values()) {
            Files.createDirectories(folder.resolve(each.name()));
        }
    }

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        var reader = only;
        var content = input;
        if (reader == null) {
            if (input.length == 0) {
                return;
            }
            reader = FuzzedReader.values()[(input[0] & 0xff) % FuzzedReader.values().length];
            content = Arrays.copyOfRange(input, 1, input.length);
        }
        var file = folder.resolve(reader.name()).resolve(reader.fileName);
        // a new file: to cut one short that was mapped takes Linux a hundred times as long
        Files.deleteIfExists(file);
        Files.write(file, content);
        try {
            reader.read(file);
        } catch (FedbiomedException e) {
            if (e.text().length() > LONGEST_ERROR) {
                throw new AssertionError("an error of " + e.text().length() + " characters", e);
            }
        }
    }
}
