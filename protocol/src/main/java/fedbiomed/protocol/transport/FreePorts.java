package fedbiomed.protocol.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports of the loopback for a server that is to come back on the same one, as a demonstration's and a test's do. Below
 * those that systems give to outgoing connections (from 32768 on Linux, 49152 elsewhere), one of which could take it
 * meanwhile.
 */
public final class FreePorts {
    private static final int FIRST = 15_000;
    private static final int LAST = 32_000;
    private static final int ATTEMPTS = 10_000;

    private FreePorts() {}

    /** A port that nobody listens on now. */
    public static int next() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
            try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return port;
            } catch (IOException _) {
                // taken
            }
        }
        throw new IllegalStateException("no free port between " + FIRST + " and " + LAST + " of the loopback");
    }
}
