package fedbiomed.cli.demo;

import java.io.IOException;
import java.util.List;

/**
 * A node's workers, stopped in the middle of whatever they do (SIGSTOP) until closed: so that a round is under way for
 * as long as a test needs it, however fast or slow the machine is.
 */
final class FrozenWorkers implements AutoCloseable {
    private final List<ProcessHandle> workers;

    private FrozenWorkers(List<ProcessHandle> workers) {
        this.workers = workers;
    }

    /** The warm workers of an earlier round. */
    static FrozenWorkers of(ProcessHandle node) throws IOException, InterruptedException {
        var workers = node.descendants().toList();
        if (workers.isEmpty()) {
            throw new IllegalStateException("the node has no warm worker");
        }
        signal("-STOP", workers);
        return new FrozenWorkers(workers);
    }

    boolean alive() {
        return workers.stream().anyMatch(ProcessHandle::isAlive);
    }

    private static void signal(String signal, List<ProcessHandle> processes) throws IOException, InterruptedException {
        for (var process : processes) {
            new ProcessBuilder("kill", signal, Long.toString(process.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        signal("-CONT", workers.stream().filter(ProcessHandle::isAlive).toList());
    }
}
