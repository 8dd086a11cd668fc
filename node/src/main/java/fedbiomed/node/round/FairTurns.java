package fedbiomed.node.round;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.CountDownLatch;

/**
 * So many at a time, and fairly: researchers take turns, one after the other; those of one researcher go to its experiments
 * in turn; within an experiment, who came first goes first. So neither an experiment with a thousand questions nor a
 * researcher with a thousand experiments keeps another one's single question waiting for all of them.
 */
final class FairTurns {
    private final Lines waiting = new Lines();
    private int free;

    FairTurns(int concurrency) {
        free = concurrency;
    }

    /** One that waits, or has its turn. */
    static final class Turn {
        private final String researcher;
        private final String experiment;
        private final String id;
        private final CountDownLatch come = new CountDownLatch(1);

        private Turn(String researcher, String experiment, String id) {
            this.researcher = researcher;
            this.experiment = experiment;
            this.id = id;
        }

        /** Until it is its turn. */
        void await() throws InterruptedException {
            come.await();
        }
    }

    /** Lines up; the turn may have come when this returns. */
    synchronized Turn lineUp(String researcher, String experiment, String id) {
        var turn = new Turn(researcher, experiment, id);
        waiting.add(turn);
        admit();
        return turn;
    }

    /** Its work is done, or is not wanted any more. */
    synchronized void leave(Turn turn) {
        if (!waiting.remove(turn)) {
            free++;
            admit();
        }
    }

    private void admit() {
        while (free > 0) {
            var next = waiting.next();
            if (next.isEmpty()) {
                return;
            }
            free--;
            next.get().come.countDown();
        }
    }

    /** Who waits, in the order in which turns will come, if nobody else lines up. */
    synchronized List<String> order() {
        var copy = waiting.copy();
        var order = new ArrayList<String>();
        for (var next = copy.next(); next.isPresent(); next = copy.next()) {
            order.add(next.get().id);
        }
        return order;
    }

    /** Who waits, by researcher and experiment; whose turn it is next stands first. */
    private static final class Lines {
        private final SequencedMap<String, SequencedMap<String, Deque<Turn>>> byResearcher = new LinkedHashMap<>();

        void add(Turn turn) {
            byResearcher
                    .computeIfAbsent(turn.researcher, _ -> new LinkedHashMap<>())
                    .computeIfAbsent(turn.experiment, _ -> new ArrayDeque<>())
                    .add(turn);
        }

        boolean remove(Turn turn) {
            var experiments = byResearcher.get(turn.researcher);
            var line = experiments == null ? null : experiments.get(turn.experiment);
            if (experiments == null || line == null || !line.remove(turn)) {
                return false;
            }
            if (line.isEmpty()) {
                experiments.remove(turn.experiment);
            }
            if (experiments.isEmpty()) {
                byResearcher.remove(turn.researcher);
            }
            return true;
        }

        /** Takes the next one out; its researcher and its experiment go to the end of their lines. */
        Optional<Turn> next() {
            var researcher = byResearcher.pollFirstEntry();
            if (researcher == null) {
                return Optional.empty();
            }
            var experiments = researcher.getValue();
            var experiment = experiments.pollFirstEntry();
            var turn = experiment.getValue().removeFirst();
            if (!experiment.getValue().isEmpty()) {
                experiments.putLast(experiment.getKey(), experiment.getValue());
            }
            if (!experiments.isEmpty()) {
                byResearcher.putLast(researcher.getKey(), experiments);
            }
            return Optional.of(turn);
        }

        Lines copy() {
            var copy = new Lines();
            byResearcher.forEach((researcher, experiments) -> {
                var lines = new LinkedHashMap<String, Deque<Turn>>();
                experiments.forEach((experiment, line) -> lines.put(experiment, new ArrayDeque<>(line)));
                copy.byResearcher.put(researcher, lines);
            });
            return copy;
        }
    }
}
