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
import fedbiomed.researcher.strategy.TooFew;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.Text;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
    /** One that failed is asked once more after so long. */
    private static final Duration RETRY_PAUSE = Duration.ofSeconds(1);
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
    private int wanted;
    private boolean keepsLate;
    private int lastRound;
    private long startNanos;
    private long decidingNanos;
    private boolean closed;

    /** Makes an answer count, on a thread of its own. */
    interface Acceptance<T> {
        /**
         * @param after how long the answer took
         * @throws FedbiomedException if the answer cannot be used, or could not be fetched
         */
        T accept(Participant participant, String request, Answer answer, Duration after);
    }

    /** Told of each participant that changes. */
    interface StateListener {
        void changed(Participant participant, String state);
    }

    Gathering(Researcher researcher, Strategy strategy, int round, Acceptance<T> acceptance, StateListener listener) {
        this.researcher = researcher;
        this.strategy = strategy;
        this.round = round;
        this.acceptance = acceptance;
        this.listener = listener;
    }

    /** Complete with so many answers, where more are asked; else all are aimed at. @return this */
    synchronized Gathering<T> wanting(int answers) {
        wanted = answers;
        return this;
    }

    /**
     * Who is late may go on, where the strategy uses late answers: its answer is taken in a later gathering.
     *
     * @param lastRound after which none will be
     * @return this
     */
    synchronized Gathering<T> keepingLate(int lastRound) {
        keepsLate = strategy.management().usesLateAnswers() && round < lastRound;
        this.lastRound = lastRound;
        return this;
    }

    /** A participant to be asked; {@code known}: its answer, if an earlier attempt has it already. */
    synchronized void add(Participant participant, Request request, String id, @Nullable T known) {
        slots.put(participant, new Slot<>(request, id, 0, List.of(), known));
    }

    /**
     * A participant that an earlier round asked, and whose answer is taken if it comes before this gathering is complete.
     * Nothing waits for it.
     *
     * @param enclosed the ways to what its request names in the parameter store
     */
    synchronized void addLate(
            Participant participant,
            int askedIn,
            Request request,
            String id,
            List<SealedRef> enclosed,
            @Nullable T known) {
        slots.put(participant, new Slot<>(request, id, askedIn, enclosed, known));
    }

    /**
     * Asks and waits.
     *
     * @param enclosed the ways to what the requests name in the parameter store
     * @throws FedbiomedException {@code CANCELLED} if interrupted or the researcher is closed; the nodes are told
     */
    Gathered<T> await(List<SealedRef> enclosed) {
        startNanos = System.nanoTime();
        slots.values().stream()
                .filter(slot -> !slot.ofEarlierRound())
                .forEach(slot -> slot.enclosed = List.copyOf(enclosed));
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
                askAgain();
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
        var management = strategy.management();
        // who may be late is not told to stop at the deadline
        var deadline =
                keepsLate ? management.deadline().multipliedBy(1L + management.staleness()) : management.deadline();
        researcher
                .correspondence()
                .ask(
                        participant.node(),
                        slot.request,
                        slot.enclosed,
                        deadline.minus(elapsed()).plus(BEYOND_DEADLINE))
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
            var after = elapsed();
            acceptors.add(Thread.ofVirtual().start(() -> acceptNow(participant, slot, answer, after)));
        }
    }

    private void acceptNow(Participant participant, Slot<T> slot, Answer answer, Duration after) {
        try {
            acceptances.acquire();
            try {
                succeed(participant, slot, acceptance.accept(participant, slot.id, answer, after));
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
        boolean again;
        synchronized (this) {
            if (closed || !slot.open()) {
                return;
            }
            again = !slot.retried
                    && !slot.ofEarlierRound()
                    && strategy.management().retries(why.code());
            if (again) {
                slot.retried = true;
                slot.askAgainNanos = System.nanoTime() + RETRY_PAUSE.toNanos();
            } else {
                slot.fail(why, refused);
            }
            notifyAll();
        }
        listener.changed(
                participant,
                (refused ? "refused: " : "failed: ") + why.text() + (again ? " (it is asked once more)" : ""));
    }

    private void askAgain() {
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
            if (slot.ofEarlierRound()) {
                return;
            }
            states.put(participant, slot.state(() -> offlineFor(participant, slot, connected)));
        });
        return new RoundProgress(round, elapsed(), wanted == 0 ? states.size() : wanted, states);
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

    private synchronized Gathered<T> end(Decision decision) {
        closed = true;
        boolean late = elapsed().compareTo(strategy.management().deadline()) >= 0;
        boolean complete = decision instanceof Decision.Complete;
        boolean over = complete || strategy.management().tooFew() == TooFew.SKIP;
        var answers = new TreeMap<Participant, Gathered.Outcome<T>>();
        slots.forEach((participant, slot) -> {
            var outcome = outcome(slot, late, complete);
            answers.put(participant, outcome);
            if (slot.open() && over && outcome.status() != OutcomeStatus.AWAITED) {
                researcher.correspondence().cancel(participant.node(), slot.id);
            }
        });
        return new Gathered<>(decision, answers);
    }

    private Gathered.Outcome<T> outcome(Slot<T> slot, boolean late, boolean complete) {
        var settled = slot.settled();
        if (settled != null) {
            return settled;
        }
        if (slot.ofEarlierRound() || (late && keepsLate && slot.offlineSinceNanos < 0)) {
            int asked = slot.ofEarlierRound() ? slot.askedIn : round;
            int until = Math.min(lastRound, asked + strategy.management().staleness());
            return round < until
                    ? slot.outcome(
                            OutcomeStatus.AWAITED,
                            "no answer to round " + asked + " in time; it is used if it comes by round " + until)
                    : slot.outcome(OutcomeStatus.LATE, "no answer to round " + asked + "; discarded if it comes");
        }
        if (slot.offlineSinceNanos >= 0) {
            return slot.outcome(OutcomeStatus.ABSENT, "its node is offline");
        }
        if (late) {
            return slot.outcome(OutcomeStatus.LATE, "no answer in time; discarded if it comes");
        }
        return complete
                ? slot.outcome(OutcomeStatus.NOT_NEEDED, "enough others answered first")
                : slot.outcome(OutcomeStatus.OPEN, "no answer in time");
    }

    private void cancelOpen() {
        var told = new ArrayList<CompletableFuture<Void>>();
        synchronized (this) {
            slots.forEach((participant, slot) -> {
                if (slot.open()) {
                    told.add(researcher.correspondence().cancel(participant.node(), slot.id));
                }
            });
        }
        try {
            CompletableFuture.allOf(told.toArray(CompletableFuture[]::new)).get(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // it was a courtesy: the node's answer is kept there until it expires
        }
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
