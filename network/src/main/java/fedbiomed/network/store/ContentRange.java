package fedbiomed.network.store;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The {@code Content-Range} of an upload (RFC 9110, section 14.4): {@code bytes FIRST-LAST/TOTAL}, or
 * {@code bytes *}{@code /TOTAL} with no bytes, which only adds recipients to what is held already.
 */
record ContentRange(long first, long length, long total) {
    private static final Pattern FORM = Pattern.compile("bytes (?:([0-9]{1,18})-([0-9]{1,18})|\\*)/([0-9]{1,18})");

    /** @param contentLength the body's length, -1 where the request does not say */
    static ContentRange of(@Nullable String header, long contentLength) {
        if (header == null) {
            if (contentLength < 0) {
                throw new StoreRefusal(
                        StoreRefusal.Reason.LENGTH_REQUIRED,
                        "an upload says how long it is",
                        "send Content-Length, or Content-Range: bytes FIRST-LAST/TOTAL");
            }
            return new ContentRange(0, contentLength, contentLength);
        }
        var match = FORM.matcher(header);
        if (!match.matches()) {
            throw StoreRefusal.badRequest("Content-Range is 'bytes FIRST-LAST/TOTAL' or 'bytes */TOTAL'");
        }
        long total = Long.parseLong(match.group(3));
        if (match.group(1) == null) {
            return new ContentRange(0, 0, total);
        }
        long first = Long.parseLong(match.group(1));
        long last = Long.parseLong(match.group(2));
        if (first > last || last >= total || contentLength >= 0 && contentLength != last - first + 1) {
            throw StoreRefusal.badRequest("Content-Range and Content-Length do not fit together");
        }
        return new ContentRange(first, last - first + 1, total);
    }

    boolean isQuery() {
        return length == 0 && total > 0;
    }
}
