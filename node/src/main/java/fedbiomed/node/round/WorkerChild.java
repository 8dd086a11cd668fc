package fedbiomed.node.round;

import fedbiomed.training.worker.WorkerFrames;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A child process of the node and what it says, until it is ended or ends by itself.
 *
 * @param <R> what it says
 */
final class WorkerChild<R> implements AutoCloseable {
    private static final int QUEUED_REPLIES = 256;
    private static final long POLL_MILLIS = 200;
    private static final long EXIT_PATIENCE_SECONDS = 10;
    private static final long CRASH_SECONDS = 5;

    /** Exit values above this are 128 + the signal that ended the process. */
    private static final int SIGNALLED = 128;

    private static final int SIGKILL = 9;

    private final SandboxKind sandbox;
    private final WorkerFolder folder;
    private final Process process;
    private final WorkerLog log;
    private final Class<R> replies;
    private final FedbiomedException garbled;
    private final ProcessFamily family;
    private final Thread reader;
    private final BlockingQueue<Event<R>> events = new ArrayBlockingQueue<>(QUEUED_REPLIES);
    private volatile @Nullable FedbiomedException ended;
    private volatile List<ProcessHandle> killed = List.of();

    sealed interface Event<R> {
        record Said<R>(R reply) implements Event<R> {}

        /** Nothing more will come. */
        record Silence<R>() implements Event<R> {}
    }

    /** How a process ended by itself. */
    enum Ending {
        KILLED,
        CRASHED,
        EXITED
    }

    /** @param text as the end of a sentence that begins with the process */
    record Death(Ending ending, String text) {}

    /** @param garbled why it was ended, where what it says cannot be understood */
    WorkerChild(
            SandboxKind sandbox,
            WorkerFolder folder,
            Process process,
            WorkerLog log,
            Class<R> replies,
            FedbiomedException garbled) {
        this.sandbox = sandbox;
        this.folder = folder;
        this.process = process;
        this.family = new ProcessFamily(process);
        this.log = log;
        this.replies = replies;
        this.garbled = garbled;
        // platform threads: reads of a pipe cannot be interrupted and would hold a carrier
        this.reader =
                Thread.ofPlatform().daemon().name("worker-out-" + process.pid()).start(this::read);
        Thread.ofPlatform()
                .daemon()
                .name("worker-err-" + process.pid())
                .start(() -> log.copy(process.getErrorStream()));
    }

    private void read() {
        try (var in = new BufferedInputStream(process.getInputStream())) {
            readReplies(in);
        } catch (IOException | RuntimeException e) {
            log.line("what the worker says can no longer be read: " + e);
            kill();
        } catch (InterruptedException _) {
            return;
        }
        try {
            events.put(new Event.Silence<>());
        } catch (InterruptedException _) {
            // nobody listens any more
        }
    }

    private void readReplies(InputStream in) throws IOException, InterruptedException {
        try {
            for (var reply = WorkerFrames.read(in, replies); reply != null; reply = WorkerFrames.read(in, replies)) {
                events.put(new Event.Said<>(reply));
            }
        } catch (FedbiomedException e) {
            log.line("what the worker says can no longer be understood: " + e.text());
            // while its output is open: were it closed, the process would end of that
            endUnlessItCrashes();
        }
    }

    /** A JVM that crashes says so on its output, between the frames; then it ends, and how is the better reason. */
    private void endUnlessItCrashes() {
        try {
            if (process.waitFor(CRASH_SECONDS, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        end(garbled);
    }

    ProcessFamily family() {
        return family;
    }

    /** Whether it lives and has said nothing that nobody has heard. */
    boolean isQuiet() {
        return ended == null && process.isAlive() && events.isEmpty();
    }

    /** From a thread of its own: a process that does not read must not stop the watch. */
    void give(Object message) {
        Thread.ofPlatform().daemon().name("worker-in-" + process.pid()).start(() -> {
            try {
                WorkerFrames.write(process.getOutputStream(), message);
            } catch (IOException e) {
                log.line("the job could not be handed over: " + e);
            }
        });
    }

    /** What it says next; {@code null} where it says nothing for a moment. */
    @Nullable
    Event<R> next() throws InterruptedException {
        return events.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
    }

    /**
     * Who belongs to it is known only until the first of them is dead. Of a sandbox what is within is killed: bubblewrap
     * then buries it and ends, where it would leave an orphan if it were killed itself.
     */
    synchronized void kill() {
        var family = WorkerProcess.family(process);
        if (killed.isEmpty()) {
            killed = family;
        }
        boolean buried = sandbox == SandboxKind.BUBBLEWRAP && family.size() > 1;
        family.stream().filter(one -> !buried || one.pid() != process.pid()).forEach(ProcessHandle::destroyForcibly);
    }

    /** Kills it, for a reason that is then {@link #ended}. */
    void end(FedbiomedException why) {
        if (ended == null) {
            ended = why;
        }
        kill();
    }

    /** Why it was ended; {@code null} if it was not. */
    @Nullable
    FedbiomedException ended() {
        return ended;
    }

    /** After {@link Event.Silence}: how it ended where nobody ended it. */
    Death death() throws InterruptedException {
        if (!process.waitFor(EXIT_PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            process.waitFor(EXIT_PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
        int exit = process.isAlive() ? 0 : process.exitValue();
        log.line("the process ended by itself in the middle of a job, exit value " + exit);
        if (exit == SIGNALLED + SIGKILL) {
            return new Death(
                    Ending.KILLED,
                    "was killed (signal 9), most likely because the machine, or what this node allows it (worker_memory),"
                            + " ran out of memory");
        }
        if (Files.isRegularFile(folder.work().resolve(WorkerProcess.CRASH_LOG), LinkOption.NOFOLLOW_LINKS)) {
            // without a core dump a JVM that crashes ends with 1
            return new Death(Ending.CRASHED, "crashed, most likely in native code");
        }
        return exit > SIGNALLED
                ? new Death(Ending.CRASHED, "crashed (signal " + (exit - SIGNALLED) + "), most likely in native code")
                : new Death(Ending.EXITED, "ended with exit code " + exit);
    }

    /** Returns when the process is gone; closes its log and removes its folder. */
    @Override
    public void close() {
        kill();
        reader.interrupt();
        boolean interrupted = Thread.interrupted();
        try {
            if (!process.waitFor(EXIT_PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            for (var one : killed) {
                one.onExit().get(EXIT_PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException _) {
            interrupted = true;
        } catch (ExecutionException | TimeoutException e) {
            log.line("a process of this worker does not end: " + e);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        log.close();
        folder.remove();
    }
}
