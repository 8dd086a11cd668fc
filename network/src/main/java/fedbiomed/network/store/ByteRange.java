package fedbiomed.network.store;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The part of an entry that a {@code Range} header asks for (RFC 9110, section 14.1.2): bytes {@code first..last}. */
record ByteRange(long first, long last) {
    private static final Pattern FORM = Pattern.compile("bytes=([0-9]{0,18})-([0-9]{0,18})");

    /** @return null where the whole is asked for: no header, or one that this server does not know, as the RFC allows */
    static @Nullable ByteRange of(@Nullable String header, long size) {
        if (header == null) {
            return null;
        }
        var match = FORM.matcher(header.strip());
        if (!match.matches() || match.group(1).isEmpty() && match.group(2).isEmpty()) {
            return null;
        }
        if (match.group(1).isEmpty()) {
            long wanted = Long.parseLong(match.group(2));
            return satisfiable(Math.max(0, size - wanted), size - 1, wanted > 0 && size > 0, size);
        }
        long first = Long.parseLong(match.group(1));
        long last = match.group(2).isEmpty() ? size - 1 : Math.min(Long.parseLong(match.group(2)), size - 1);
        return satisfiable(first, last, first < size && first <= last, size);
    }

    private static ByteRange satisfiable(long first, long last, boolean fits, long size) {
        if (!fits) {
            throw new StoreRefusal(
                    StoreRefusal.Reason.WRONG_RANGE,
                    "the entry has " + size + " bytes; the range asked for is not in it",
                    "ask for a range within it");
        }
        return new ByteRange(first, last);
    }

    long length() {
        return last - first + 1;
    }
}
