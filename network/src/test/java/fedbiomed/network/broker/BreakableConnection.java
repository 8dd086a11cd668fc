package fedbiomed.network.broker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A way to a port that can be cut like a cable. */
final class BreakableConnection implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    BreakableConnection(int target) throws IOException {
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    var in = server.accept();
                    var out = new Socket(InetAddress.getLoopbackAddress(), target);
                    sockets.addAll(List.of(in, out));
                    pump(in, out);
                    pump(out, in);
                }
            } catch (IOException _) {
                // cut
            }
        });
    }

    private static void pump(Socket from, Socket to) {
        Thread.ofVirtual().start(() -> {
            try {
                from.getInputStream().transferTo(to.getOutputStream());
            } catch (IOException _) {
                // cut
            }
        });
    }

    int port() {
        return server.getLocalPort();
    }

    /** Once; what connects anew gets through. */
    void cut() throws IOException {
        for (var socket : sockets) {
            socket.close();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        cut();
    }
}
