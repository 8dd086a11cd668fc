package fedbiomed.node.round;

import java.util.List;

/**
 * A process and all that descend from it. To find out who they are, all processes of the machine have to be gone through,
 * which takes longer than a short job; who they were a moment ago is known.
 */
final class ProcessFamily {
    private final Process first;
    private volatile List<ProcessHandle> known = List.of();

    ProcessFamily(Process process) {
        this.first = process;
    }

    /** What they hold at present, whoever has joined them. */
    ProcessUsage usage() {
        var family = WorkerProcess.family(first);
        var usage = ProcessUsage.of(family);
        // of a sandbox that is just being set up the program in it is still to come
        known = usage.javas() > 0 ? family : List.of();
        return usage;
    }

    /** As {@link #usage}, of those that were there when it was called last. */
    ProcessUsage usageOfKnown() {
        var usage = ProcessUsage.of(known);
        return usage.javas() > 0 ? usage : usage();
    }
}
