package fedbiomed.network;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A way to a port that can be cut like a cable, at once or after so many bytes, or falls silent. */
public final class BreakableConnection implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    /** Bytes that may still pass, either way; the one that passes the last cuts. */
    private final AtomicLong allowance = new AtomicLong(Long.MAX_VALUE);

    private volatile Runnable beforeCut = () -> {};
    private final AtomicInteger silent = new AtomicInteger();
    private final CountDownLatch closed = new CountDownLatch(1);

    public BreakableConnection(int target) throws IOException {
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
                // closed
            }
        });
    }

    private void pump(Socket from, Socket to) {
        int mine = silent.get();
        Thread.ofVirtual().start(() -> {
            try (from;
                    to) {
                transfer(from.getInputStream(), to.getOutputStream(), mine);
            } catch (IOException | InterruptedException _) {
                // cut
            }
        });
    }

    private void transfer(InputStream in, OutputStream out, int mine) throws IOException, InterruptedException {
        var buffer = new byte[4096];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            if (mine != silent.get()) {
                closed.await();
                return;
            }
            if (allowance.addAndGet(-n) < 0) {
                beforeCut.run();
                cut();
                return;
            }
            out.write(buffer, 0, n);
        }
    }

    public int port() {
        return server.getLocalPort();
    }

    /**
     * Cuts all that is connected once {@code bytes} more have passed; connections made afterwards are whole.
     *
     * @param before runs while nothing passes any more, and before the cut
     */
    public void cutAfter(long bytes, Runnable before) {
        beforeCut = before;
        allowance.set(bytes);
    }

    /** Nothing passes any more on what is connected now, and nobody is told; later connections are whole. */
    public void fallSilent() {
        silent.incrementAndGet();
    }

    /** Cuts what is connected now. */
    public void cut() throws IOException {
        allowance.set(Long.MAX_VALUE);
        for (var socket : sockets) {
            socket.close();
        }
        sockets.clear();
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        server.close();
        cut();
    }
}
