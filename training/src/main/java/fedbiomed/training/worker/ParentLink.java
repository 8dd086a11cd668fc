package fedbiomed.training.worker;

import java.io.BufferedInputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** What every child of the node has: stdin and stdout for frames alone, and an end when the parent ends. */
final class ParentLink {
    /** Of what a job prints, in bytes, that reach the node's log. */
    static final int MAX_PRINTED_BYTES = 64 << 10;

    /** Of a failure's detail (stack trace), in characters. */
    private static final int MAX_DETAIL_CHARS = 32 << 10;

    /** How often the child looks whether its parent is still there. */
    private static final long PARENT_LOOK_NANOS = 1_000_000_000;

    private final InputStream in;
    private final OutputStream out;
    private final BoundedOutput printed;

    private ParentLink(InputStream in, OutputStream out, BoundedOutput printed) {
        this.in = in;
        this.out = out;
        this.printed = printed;
    }

    /** Before anything is loaded that may print: that must not come between the frames, nor may it read the next one. */
    static ParentLink open() {
        var in = new BufferedInputStream(new FileInputStream(FileDescriptor.in));
        var out = new FileOutputStream(FileDescriptor.out);
        var printed = new BoundedOutput(new FileOutputStream(FileDescriptor.err), MAX_PRINTED_BYTES);
        var print = new PrintStream(printed, true, StandardCharsets.UTF_8);
        System.setOut(print);
        System.setErr(print);
        System.setIn(InputStream.nullInputStream());
        endWithParent();
        return new ParentLink(in, out, printed);
    }

    /**
     * The end of stdin is seen only between jobs; a job that never returns must not outlive a parent that was killed.
     * An orphan gets another parent at once, even while the old one is a zombie. Whose child this is the parent says
     * ({@link WorkerMain#PARENT_PROPERTY}): it may have died before this process could ask.
     */
    private static void endWithParent() {
        var self = ProcessHandle.current();
        long parent = Long.getLong(WorkerMain.PARENT_PROPERTY, parentOf(self));
        Thread.ofPlatform().daemon().name("parent-watch").start(() -> {
            while (parentOf(self) == parent) {
                LockSupport.parkNanos(PARENT_LOOK_NANOS);
            }
            Runtime.getRuntime().halt(1);
        });
    }

    private static long parentOf(ProcessHandle process) {
        return process.parent().map(ProcessHandle::pid).orElse(0L);
    }

    /** The next job, with the whole limit of prints; {@code null} where there is none. As {@link WorkerFrames#read}. */
    <T> @Nullable T next(Class<T> type) throws IOException {
        var job = WorkerFrames.read(in, type);
        printed.renew();
        return job;
    }

    void send(Object reply) {
        try {
            WorkerFrames.write(out, reply);
        } catch (IOException e) {
            throw new UncheckedIOException("the parent no longer listens", e);
        }
    }

    /** For the node's own log. An exception of a plan may throw again when it is asked for its text. */
    @SuppressWarnings("CatchingUnchecked")
    static String detail(Throwable thrown) {
        try {
            var text = new StringWriter();
            thrown.printStackTrace(new PrintWriter(text));
            var detail = text.toString();
            return detail.length() > MAX_DETAIL_CHARS ? detail.substring(0, MAX_DETAIL_CHARS) : detail;
        } catch (Throwable _) {
            return thrown.getClass().getName();
        }
    }
}
