package fedbiomed.network.store;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;

/** The body of a request that is refused: a small one is read and forgotten, so that its connection can be kept. */
final class UnreadBody {
    /** Costs less to read than a further TLS handshake; a longer one is an upload, which its sender is to stop. */
    static final int MAX_BYTES = 64 << 10;

    private static final int BUFFER_BYTES = 1 << 13;

    private UnreadBody() {}

    /** @return whether nothing is left of it, so that what comes next is the next request */
    static boolean readToEnd(HttpServletRequest request) {
        // who expects a 100 has not sent the body, and reading it would ask for it (RFC 9110, section 10.1.1)
        if (request.getContentLengthLong() > MAX_BYTES || request.getHeader("Expect") != null) {
            return false;
        }
        try {
            return isReadToEnd(new PacedBody(request.getInputStream()));
        } catch (IOException | RuntimeException _) {
            // broken, cut or too slow: it has no end that could be read to
            return false;
        }
    }

    private static boolean isReadToEnd(InputStream body) throws IOException {
        var buffer = new byte[BUFFER_BYTES];
        int read = 0;
        for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
            read += n;
            if (read > MAX_BYTES) {
                return false;
            }
        }
        return true;
    }
}
