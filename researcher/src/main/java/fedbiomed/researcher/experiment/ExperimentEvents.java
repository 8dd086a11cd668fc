package fedbiomed.researcher.experiment;

import fedbiomed.protocol.message.Message;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Scalar;
import fedbiomed.vocabulary.Text;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands on what happens, one thing at a time; a listener that fails does not stop the experiment. */
final class ExperimentEvents {
    private static final Logger LOG = LoggerFactory.getLogger(ExperimentEvents.class);
    /** A node that sends more numbers of one request than this is not listened to any more. */
    private static final int MAX_SCALARS_PER_REQUEST = 100_000;

    /** Each is a line for a person; an honest node tells at most a hundred places. */
    private static final int MAX_PLACES_PER_REQUEST = 200;

    private static final int MAX_NAME_CHARS = 64;

    private final List<ExperimentListener> listeners = new ArrayList<>();
    private final Map<String, Expected> expected = new HashMap<>();
    private final LostScalars lost = new LostScalars();
    private @Nullable RunLog log;

    private static final class Expected {
        final Participant participant;
        int scalars;
        /** So often its node told it where it stands in its line. */
        int places;
        /** What its node says that it left out. */
        long dropped;

        Expected(Participant participant) {
            this.participant = participant;
        }
    }

    synchronized void add(ExperimentListener listener) {
        listeners.add(listener);
    }

    synchronized void logTo(@Nullable RunLog metrics) {
        log = metrics;
        expected.clear();
    }

    /** Scalars of this request are taken, from this participant's node alone. */
    synchronized void expect(String request, Participant participant) {
        expected.putIfAbsent(request, new Expected(participant));
    }

    /**
     * Waits for the last numbers of trainings whose answers are here: they come by another way, and may come after them.
     *
     * @param told by request, how many there were
     */
    synchronized void awaitScalars(Map<String, Long> told, Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        try {
            for (long left = patience.toMillis(); left > 0 && !haveCome(told); ) {
                wait(left);
                left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            }
        } catch (InterruptedException e) {
            // whoever interrupts is in a hurry; the numbers are not what it waits for
            Thread.currentThread().interrupt();
        }
    }

    private boolean haveCome(Map<String, Long> told) {
        return told.entrySet().stream().allMatch(one -> {
            var of = expected.get(one.getKey());
            return of == null || of.scalars + of.dropped >= one.getValue();
        });
    }

    /** Numbers of a request that have come and were taken. */
    synchronized long arrived(String request) {
        var of = expected.get(request);
        return of == null ? 0 : of.scalars;
    }

    /** Says so of those of whom it was not said yet. */
    void lostScalars(int round, List<ParticipantOutcome> outcomes) {
        lost.notice(round, outcomes).ifPresent(this::notice);
    }

    void notice(String text) {
        tell(listener -> listener.notice(text));
    }

    void roundStarted(int round, int rounds, SortedSet<Participant> asked) {
        tell(listener -> listener.roundStarted(round, rounds, asked));
    }

    void participantChanged(int round, Participant participant, String state) {
        tell(listener -> listener.participantChanged(round, participant, state));
    }

    synchronized void roundFinished(RoundSummary summary) {
        // who is late goes on telling
        expected.keySet()
                .retainAll(summary.outcomes().stream()
                        .filter(outcome -> outcome.status() == OutcomeStatus.AWAITED)
                        .map(ParticipantOutcome::request)
                        .toList());
        if (log != null) {
            log.add(summary);
        }
        tell(listener -> listener.roundFinished(summary));
    }

    synchronized void finalTest(int round, Evaluation test) {
        if (log != null) {
            log.addFinalTest(round, test);
        }
    }

    synchronized void scalars(PartyId node, Message.Scalars scalars) {
        var of = expected.get(scalars.request());
        if (of == null || !of.participant.node().equals(node)) {
            return;
        }
        of.dropped = Math.max(of.dropped, scalars.dropped());
        for (var scalar : scalars.scalars()) {
            if (scalar.participant().equals(of.participant) && scalar.phase().equals(Scalar.QUEUE)) {
                if (of.places++ < MAX_PLACES_PER_REQUEST) {
                    waits(scalar);
                }
            } else if (scalar.participant().equals(of.participant)
                    && of.scalars < MAX_SCALARS_PER_REQUEST
                    && fits(scalar)) {
                of.scalars++;
                if (log != null) {
                    log.add(scalar);
                }
                tell(listener -> listener.scalar(scalar));
            }
        }
        notifyAll();
    }

    private void waits(Scalar place) {
        if (place.iteration() > 0 && place.total() >= place.iteration()) {
            tell(listener -> listener.participantChanged(
                    place.round(),
                    place.participant(),
                    "waits for the node, which has other work (" + place.iteration() + " of " + place.total()
                            + " in its line)"));
        }
    }

    private static boolean fits(Scalar scalar) {
        return isName(scalar.name()) && isName(scalar.phase());
    }

    private static boolean isName(String name) {
        return name.length() <= MAX_NAME_CHARS && Text.shown(name).equals(name);
    }

    private synchronized void tell(Consumer<ExperimentListener> call) {
        for (var listener : listeners) {
            try {
                call.accept(listener);
            } catch (RuntimeException e) {
                LOG.warn("a listener of the experiment failed", e);
            }
        }
    }
}
