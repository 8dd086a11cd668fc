package fedbiomed.protocol.audit;

import fedbiomed.protocol.message.AuditHead;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The end of a log's file.
 *
 * @param last the head of the last whole line; {@code null} where that line is not as it was written
 * @param wholeBytes up to the end of that line
 * @param lacksLineEnd whether the last line is whole but for its line end
 * @param tornBytes behind it: of a line that a killed process did not finish, and whose event did not come about
 */
record Tail(@Nullable AuditHead last, long wholeBytes, boolean lacksLineEnd, long tornBytes) {
    static final Tail NONE = new Tail(AuditHead.EMPTY, 0, false, 0);

    private static final int MOST_BYTES = 2 * AuditLine.MAX_BYTES;

    static Tail of(FileChannel channel) throws IOException {
        long size = channel.size();
        long start = Math.max(0, size - MOST_BYTES);
        var bytes = ByteBuffer.allocate((int) (size - start));
        while (bytes.hasRemaining() && channel.read(bytes, start + bytes.position()) >= 0) {
            // on to the end
        }
        // one byte a character, so that places in the text are places in the file
        var text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.ISO_8859_1);
        int end = text.lastIndexOf('\n') + 1;
        if (end < text.length()) {
            var unfinished = parse(bytes.array(), end, text.length());
            if (unfinished != null) {
                return new Tail(unfinished.head(), size, true, 0);
            }
        }
        if (end == 0) {
            return start == 0 ? new Tail(AuditHead.EMPTY, 0, false, text.length()) : new Tail(null, size, true, 0);
        }
        int begin = end == 1 ? 0 : text.lastIndexOf('\n', end - 2) + 1;
        var last = parse(bytes.array(), begin, end - 1);
        return new Tail(last == null ? null : last.head(), start + end, false, text.length() - end);
    }

    private static @Nullable AuditLine parse(byte[] bytes, int from, int to) {
        try {
            return AuditLine.parse(new String(bytes, from, to - from, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    /** As the end of a file without a whole line, whose log goes on from the file that ends with {@code full}. */
    Tail following(Tail full) {
        return new Tail(full.last, wholeBytes, lacksLineEnd, tornBytes);
    }

    /** @throws FedbiomedException {@code INTERNAL} if the last line was changed: what came after it could not be chained to it */
    AuditHead head(AuditOwner owner) {
        if (last == null) {
            throw new FedbiomedException(
                    ErrorCode.INTERNAL,
                    "the end of the audit log " + AuditLog.FILE + " of " + owner.name
                            + " is not as it was written, so nothing can be recorded after it, and nothing is done that"
                            + " cannot be recorded; " + owner.person + " runs '" + owner.command
                            + " audit verify', keeps the log's files for those who look into it, and moves them away: a"
                            + " new log begins");
        }
        return last;
    }
}
