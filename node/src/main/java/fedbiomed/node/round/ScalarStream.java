package fedbiomed.node.round;

import fedbiomed.protocol.message.Job;
import fedbiomed.protocol.message.Message;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Scalar;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The numbers of one running job on their way to the researcher's monitor: gathered, and sent at most four times a
 * second; what is too much is counted and dropped, so that a curve gets coarser and not shorter.
 */
public final class ScalarStream {
    static final int MAX_BATCH = 200;
    static final long MIN_PAUSE_NANOS = 250_000_000;
    private static final int MAX_NAME_CHARS = 64;

    /** Different names a job: losses and metrics of two tests, some by class. More would be a text in pieces. */
    static final int MAX_NAMES = 200;

    private final String request;
    private final Job job;
    private final DeclaredResults declared;
    private final Predicate<Message.Scalars> sink;
    private final Set<String> names = new HashSet<>();
    private final List<Scalar> batch = new ArrayList<>();
    private long arisen;
    private long dropped;
    /** A short job's numbers go together, when it ends. */
    private long lastSent = System.nanoTime();

    /**
     * @param declared under which names numbers may leave
     * @param sink returns false if it could not send
     */
    ScalarStream(String request, Job job, DeclaredResults declared, Predicate<Message.Scalars> sink) {
        this.declared = declared;
        this.request = request;
        this.job = job;
        this.sink = sink;
    }

    /** Under which names numbers may leave. */
    DeclaredResults declared() {
        return declared;
    }

    /** Numbers that there were, those that were dropped too. */
    long arisen() {
        return arisen;
    }

    /** Of a worker that could not hand on some numbers in time. */
    public void missed(long scalars) {
        arisen += scalars;
        dropped += scalars;
    }

    /**
     * Takes a worker's number; whose it is we know better than the worker.
     *
     * @throws FedbiomedException {@code PLAN_FAILED} if it has a name that the plan does not declare
     */
    public void add(Scalar scalar) {
        declared.requireDeclared(scalar);
        addOwn(scalar);
    }

    /** As {@link #add}, for what the node itself has measured. */
    void addOwn(Scalar scalar) {
        gather(scalar);
        flushIfDue();
    }

    void gather(Scalar scalar) {
        arisen++;
        if (scalar.phase().length() > MAX_NAME_CHARS
                || scalar.name().length() > MAX_NAME_CHARS
                || isOneTooMany(scalar.phase() + " " + scalar.name())) {
            dropped++;
        } else {
            if (batch.size() >= MAX_BATCH) {
                thinOut();
            }
            batch.add(new Scalar(
                    job.round(),
                    job.participant(),
                    scalar.phase(),
                    scalar.name(),
                    scalar.iteration(),
                    scalar.total(),
                    scalar.value()));
        }
    }

    /** Every second of each name, never the newest; where each name is there once, the oldest. */
    private void thinOut() {
        var kept = new ArrayList<Scalar>();
        var follows = new HashMap<String, Boolean>();
        for (var scalar : batch.reversed()) {
            boolean keep = follows.merge(scalar.phase() + " " + scalar.name(), true, (before, _) -> !before);
            if (keep) {
                kept.addFirst(scalar);
            }
        }
        if (kept.size() == batch.size()) {
            kept.removeFirst();
        }
        dropped += batch.size() - kept.size();
        batch.clear();
        batch.addAll(kept);
    }

    private boolean isOneTooMany(String name) {
        if (names.size() < MAX_NAMES) {
            names.add(name);
        }
        return !names.contains(name);
    }

    public void flushIfDue() {
        if (System.nanoTime() - lastSent >= MIN_PAUSE_NANOS) {
            flush();
        }
    }

    public void flush() {
        if (batch.isEmpty()) {
            return;
        }
        if (!sink.test(new Message.Scalars(request, batch, dropped))) {
            dropped += batch.size();
        }
        batch.clear();
        lastSent = System.nanoTime();
    }
}
