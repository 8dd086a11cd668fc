package fedbiomed.researcher.experiment;

import fedbiomed.protocol.message.Answer;
import fedbiomed.protocol.message.Reply;
import fedbiomed.protocol.message.Request;
import fedbiomed.protocol.message.SealedRef;
import fedbiomed.researcher.Researcher;
import fedbiomed.researcher.strategy.Decision;
import fedbiomed.researcher.strategy.ParticipantState;
import fedbiomed.researcher.strategy.RoundProgress;
import fedbiomed.researcher.strategy.Strategy;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.Text;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Asks participants one request each and takes in what comes back, until the strategy is content or gives up. What an
 * answer needs before it counts (fetched, checked, recorded) is the {@link Acceptance}'s.
 *
 * @param <T> what an accepted answer becomes
 */
final class Gathering<T> {
    /** How often presence is looked at and the strategy asked, where nothing else happens. */
    private static final long TICK_MILLIS = 200;

    private static final long TICK_NANOS = TICK_MILLIS * 1_000_000;
    /** So many times as long as a decision took is waited before the next one. */
    private static final int PAUSE_FOR_EACH_DECISION = 9;
    /** A node that is busy is asked again after so long. */
    private static final Duration BUSY_PAUSE = Duration.ofSeconds(3);
    /** So many answers are fetched at a time: the line is one, and so is the disk. */
    private static final int CONCURRENT_ACCEPTANCES = 4;
    /** The strategy's deadline comes first, so that it and not the correspondence decides. */
    private static final Duration BEYOND_DEADLINE = Duration.ofSeconds(5);

    private final Researcher researcher;
    private final Strategy strategy;
    private final int round;
    private final Acceptance<T> acceptance;
    private final StateListener listener;
    private final SortedMap<Participant, Slot<T>> slots = new TreeMap<>();
    private final Semaphore acceptances = new Semaphore(CONCURRENT_ACCEPTANCES);
    private final List<Thread> acceptors = new ArrayList<>();
    private long startNanos;
    private long decidingNanos;
    private List<SealedRef> enclosed = List.of();
    private boolean closed;

    /** Makes an answer count, on a thread of its own. */
    interface Acceptance<T> {
        /** @throws FedbiomedException if the answer cannot be used, or could not be fetched */
        T accept(Participant participant, String request, Answer answer);
    }

    /** Told of each participant that changes. */
    interface StateListener {
        void changed(Participant participant, String state);
    }

    /** How a gathering ended: what the strategy decided, and what became of each. */
    record Ended<T>(Decision decision, SortedMap<Participant, Outcome<T>> answers) {
        /** @param reply what of an accepted answer is kept with the round */
        List<ParticipantOutcome> outcomes(Function<T, Reply.@Nullable Train> reply) {
            var outcomes = new ArrayList<ParticipantOutcome>();
            answers.forEach((participant, answer) -> outcomes.add(new ParticipantOutcome(
                    participant,
                    answer.status,
                    answer.request,
                    answer.code,
                    answer.text,
                    answer.value == null ? null : reply.apply(answer.value))));
            return outcomes;
        }

        SortedMap<Participant, T> accepted() {
            var accepted = new TreeMap<Participant, T>();
            answers.forEach((participant, answer) -> {
                if (answer.value != null) {
                    accepted.put(participant, answer.value);
                }
            });
            return accepted;
        }
    }

    /**
     * @param value {@code null} unless accepted
     * @param code {@code null} unless failed or refused
     */
    record Outcome<T>(
            OutcomeStatus status,
            String request,
            @Nullable T value,
            @Nullable ErrorCode code,
            String text) {}

    private static final class Slot<T> {
        final Request request;
        final String id;

        @Nullable
        T value;

        @Nullable
        ErrorCode code;

        String text = "";
        boolean refused;
        long offlineSinceNanos = -1;
        long askAgainNanos = -1;

        Slot(Request request, String id) {
            this.request = request;
            this.id = id;
        }

        boolean open() {
            return value == null && code == null;
        }
    }

    Gathering(Researcher researcher, Strategy strategy, int round, Acceptance<T> acceptance, StateListener listener) {
        this.researcher = researcher;
        this.strategy = strategy;
        this.round = round;
        this.acceptance = acceptance;
        this.listener = listener;
    }

    /** A participant to be asked; {@code known}: its answer, if an earlier attempt has it already. */
    synchronized void add(Participant participant, Request request, String id, @Nullable T known) {
        var slot = new Slot<T>(request, id);
        slot.value = known;
        slots.put(participant, slot);
    }

    /**
     * Asks and waits.
     *
     * @param enclosed the ways to what the requests name in the parameter store
     * @throws FedbiomedException {@code CANCELLED} if interrupted or the researcher is closed; the nodes are told
     */
    Ended<T> await(List<SealedRef> enclosed) {
        this.enclosed = List.copyOf(enclosed);
        startNanos = System.nanoTime();
        slots.forEach((participant, slot) -> {
            if (slot.open()) {
                ask(participant, slot);
            } else {
                listener.changed(participant, "answered before");
            }
        });
        try {
            while (true) {
                var decision = decideOrWait();
                if (!(decision instanceof Decision.Wait)) {
                    return end(decision);
                }
                if (researcher.isClosed()) {
                    throw new FedbiomedException(
                            ErrorCode.CANCELLED, "the researcher was closed while answers were out");
                }
                askBusyOnesAgain();
                // a thousand answers at once are not decided on a thousand times
                TimeUnit.NANOSECONDS.sleep(Math.min(decidingNanos * PAUSE_FOR_EACH_DECISION, TICK_NANOS));
            }
        } catch (InterruptedException e) {
            cancelOpen();
            Thread.currentThread().interrupt();
            throw new FedbiomedException(ErrorCode.CANCELLED, "stopped while answers were out", e);
        } finally {
            close();
        }
    }

    private synchronized Decision decideOrWait() throws InterruptedException {
        long begun = System.nanoTime();
        var decision = strategy.decide(progress());
        decidingNanos = System.nanoTime() - begun;
        if (decision instanceof Decision.Wait) {
            wait(TICK_MILLIS);
        }
        return decision;
    }

    private void ask(Participant participant, Slot<T> slot) {
        var patience = strategy.deadline().minus(elapsed()).plus(BEYOND_DEADLINE);
        researcher
                .correspondence()
                .ask(participant.node(), slot.request, enclosed, patience)
                .whenComplete((answer, failure) -> {
                    if (answer != null) {
                        accept(participant, slot, answer);
                    } else {
                        var cause = failure instanceof FedbiomedException known
                                ? known
                                : new FedbiomedException(ErrorCode.INTERNAL, String.valueOf(failure), failure);
                        fail(participant, slot, cause, false);
                    }
                });
    }

    private void accept(Participant participant, Slot<T> slot, Answer answer) {
        if (answer.reply() instanceof Reply.Error error) {
            if (error.code() == ErrorCode.BUSY) {
                synchronized (this) {
                    slot.askAgainNanos = System.nanoTime() + BUSY_PAUSE.toNanos();
                }
                return;
            }
            // what a node writes goes to a person's terminal
            var text = Text.shownLines(error.text(), Reply.Error.MAX_TEXT_CHARS);
            fail(participant, slot, new FedbiomedException(error.code(), text), false);
            return;
        }
        synchronized (this) {
            if (closed || !slot.open()) {
                return;
            }
            acceptors.add(
                    Thread.ofVirtual().name("accept " + participant).start(() -> acceptNow(participant, slot, answer)));
        }
    }

    private void acceptNow(Participant participant, Slot<T> slot, Answer answer) {
        try {
            acceptances.acquire();
            try {
                succeed(participant, slot, acceptance.accept(participant, slot.id, answer));
            } finally {
                acceptances.release();
            }
        } catch (FedbiomedException e) {
            fail(participant, slot, e, true);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            fail(participant, slot, new FedbiomedException(ErrorCode.INTERNAL, e.toString(), e), true);
        }
    }

    private void succeed(Participant participant, Slot<T> slot, T value) {
        synchronized (this) {
            if (closed) {
                return;
            }
            slot.value = value;
            notifyAll();
        }
        listener.changed(participant, "answered");
    }

    private void fail(Participant participant, Slot<T> slot, FedbiomedException why, boolean refused) {
        synchronized (this) {
            if (closed || !slot.open()) {
                return;
            }
            slot.code = why.code();
            slot.text = why.text();
            slot.refused = refused;
            notifyAll();
        }
        listener.changed(participant, (refused ? "refused: " : "failed: ") + why.text());
    }

    private void askBusyOnesAgain() {
        var due = new TreeMap<Participant, Slot<T>>();
        synchronized (this) {
            slots.forEach((participant, slot) -> {
                if (slot.askAgainNanos >= 0 && System.nanoTime() - slot.askAgainNanos >= 0 && slot.open()) {
                    slot.askAgainNanos = -1;
                    due.put(participant, slot);
                }
            });
        }
        due.forEach(this::ask);
    }

    private RoundProgress progress() {
        var states = new TreeMap<Participant, ParticipantState>();
        boolean connected = researcher.connected();
        slots.forEach((participant, slot) -> {
            if (slot.value != null) {
                states.put(participant, new ParticipantState.Answered());
            } else if (slot.code != null) {
                states.put(participant, new ParticipantState.Failed(slot.code, slot.text));
            } else {
                states.put(participant, new ParticipantState.Waiting(offlineFor(participant, slot, connected)));
            }
        });
        return new RoundProgress(round, elapsed(), states);
    }

    private @Nullable Duration offlineFor(Participant participant, Slot<T> slot, boolean connected) {
        if (!connected || researcher.online(participant.node())) {
            if (slot.offlineSinceNanos >= 0 && connected) {
                listener.changed(participant, "back online");
            }
            slot.offlineSinceNanos = -1;
            return null;
        }
        if (slot.offlineSinceNanos < 0) {
            slot.offlineSinceNanos = elapsed().toNanos();
            listener.changed(participant, "offline");
        }
        return elapsed().minusNanos(slot.offlineSinceNanos);
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }

    private synchronized Ended<T> end(Decision decision) {
        closed = true;
        boolean late = elapsed().compareTo(strategy.deadline()) >= 0;
        var answers = new TreeMap<Participant, Outcome<T>>();
        slots.forEach((participant, slot) -> {
            answers.put(participant, outcome(slot, late));
            if (slot.open() && decision instanceof Decision.Complete) {
                researcher.correspondence().cancel(participant.node(), slot.id);
            }
        });
        return new Ended<>(decision, answers);
    }

    private static <T> Outcome<T> outcome(Slot<T> slot, boolean late) {
        if (slot.value != null) {
            return new Outcome<>(OutcomeStatus.ACCEPTED, slot.id, slot.value, null, "");
        }
        if (slot.code != null) {
            var status = slot.code == ErrorCode.EXPIRED
                    ? OutcomeStatus.LATE
                    : slot.refused ? OutcomeStatus.REFUSED : OutcomeStatus.FAILED;
            return new Outcome<>(status, slot.id, null, slot.code, slot.text);
        }
        return slot.offlineSinceNanos >= 0
                ? new Outcome<>(OutcomeStatus.ABSENT, slot.id, null, null, "its node is offline")
                : new Outcome<>(
                        late ? OutcomeStatus.LATE : OutcomeStatus.OPEN, slot.id, null, null, "no answer in time");
    }

    private void cancelOpen() {
        var told = new ArrayList<java.util.concurrent.CompletableFuture<Void>>();
        synchronized (this) {
            slots.forEach((participant, slot) -> {
                if (slot.open()) {
                    told.add(researcher.correspondence().cancel(participant.node(), slot.id));
                }
            });
        }
        told.forEach(sent -> {
            try {
                sent.get(1, java.util.concurrent.TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
                // it was a courtesy: the node's answer is kept there until it expires
            }
        });
    }

    /** Nothing is written any more once this returns: the round's folder may be moved. */
    private void close() {
        List<Thread> running;
        synchronized (this) {
            closed = true;
            running = List.copyOf(acceptors);
        }
        running.forEach(Thread::interrupt);
        boolean interrupted = Thread.interrupted();
        for (var thread : running) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
