package fedbiomed.protocol.message;

import com.fasterxml.jackson.annotation.JsonIgnore;
import fedbiomed.vocabulary.Sha256;
import fedbiomed.vocabulary.Text;
import java.util.regex.Pattern;

/**
 * Where a node's audit log ends. Whoever holds an older head finds out if what stood before it was cut or written anew.
 *
 * @param sequence of the last line, from 1; 0 for a log without lines
 * @param hash of the last line, which is made from all lines before it
 */
public record AuditHead(long sequence, String hash) {
    private static final String NONE = "0".repeat(64);
    private static final Pattern FORM = Pattern.compile("([0-9]{1,18}):([0-9a-f]{64})");

    /** Of a log without lines. */
    public static final AuditHead EMPTY = new AuditHead(0, NONE);

    public AuditHead {
        Sha256.require("the hash of an audit log's head", hash);
        if (sequence < 0 || (sequence == 0) != hash.equals(NONE)) {
            throw new IllegalArgumentException("not the head of an audit log: " + sequence + ":" + hash);
        }
    }

    /** As {@link #toString} wrote it. */
    public static AuditHead parse(String text) {
        var parts = FORM.matcher(text.strip());
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "the head of an audit log is a number, a colon and 64 hexadecimal digits,"
                            + " as 'fedbiomed node audit head' prints it, not '" + Text.shown(text) + "'");
        }
        return new AuditHead(Long.parseLong(parts.group(1)), parts.group(2));
    }

    @JsonIgnore
    public boolean isEmpty() {
        return sequence == 0;
    }

    @Override
    public String toString() {
        return sequence + ":" + hash;
    }
}
