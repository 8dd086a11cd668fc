package fedbiomed.vocabulary;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * A file that belongs to a training plan (a TorchScript network), named by content.
 *
 * @param name of the file, beside the plan's; no path
 * @param sha256 of its bytes
 * @param sizeBytes its length
 */
public record Attachment(String name, String sha256, long sizeBytes) {
    /** It becomes a file's name at every node: no separator, no leading dot or dash. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    /** The plan itself stands beside its attachments under such a name. */
    private static final String SOURCE_SUFFIX = ".java";

    public Attachment {
        requireName(name);
        Sha256.require("an attachment's hash", sha256);
        if (sizeBytes < 0) {
            throw new IllegalArgumentException("a size in bytes is not negative: " + sizeBytes);
        }
    }

    /** @throws IllegalArgumentException unless {@code name} may be an attachment's */
    public static void requireName(String name) {
        if (!NAME.matcher(name).matches() || name.endsWith(SOURCE_SUFFIX)) {
            throw new IllegalArgumentException(
                    "an attachment's name is a file name of 1 to 64 of A-Z, a-z, 0-9, '.', '_'"
                            + " and '-', beginning with a letter or digit and not ending in " + SOURCE_SUFFIX
                            + ", not '"
                            + Text.shown(name) + "'");
        }
    }

    /** What {@code file} is as an attachment; reads it once. */
    public static Attachment of(Path file) throws IOException {
        var name = String.valueOf(file.getFileName());
        requireName(name);
        return new Attachment(name, Sha256.of(file), Files.size(file));
    }
}
