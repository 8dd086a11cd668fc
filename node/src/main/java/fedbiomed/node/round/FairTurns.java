package fedbiomed.node.round;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.concurrent.CountDownLatch;

/**
 * So many at a time, and fairly: whoever waits is of a group (an experiment), and the groups take turns, one of each after
 * the other; within a group, who came first goes first. So an experiment with a thousand questions does not keep one with
 * a single question waiting for all of them.
 */
final class FairTurns {
    private final SequencedMap<String, Deque<Turn>> waiting = new LinkedHashMap<>();
    private int free;

    FairTurns(int concurrency) {
        free = concurrency;
    }

    /** One that waits, or has its turn. */
    static final class Turn {
        private final String group;
        private final String id;
        private final CountDownLatch come = new CountDownLatch(1);

        private Turn(String group, String id) {
            this.group = group;
            this.id = id;
        }

        /** Until it is its turn. */
        void await() throws InterruptedException {
            come.await();
        }

        String id() {
            return id;
        }
    }

    /** Lines up; the turn may have come when this returns. */
    synchronized Turn lineUp(String group, String id) {
        var turn = new Turn(group, id);
        waiting.computeIfAbsent(group, _ -> new ArrayDeque<>()).add(turn);
        admit();
        return turn;
    }

    /** Its work is done, or is not wanted any more. */
    synchronized void leave(Turn turn) {
        var line = waiting.get(turn.group);
        if (line != null && line.remove(turn)) {
            if (line.isEmpty()) {
                waiting.remove(turn.group);
            }
            return;
        }
        free++;
        admit();
    }

    private void admit() {
        while (free > 0 && !waiting.isEmpty()) {
            var next = waiting.pollFirstEntry();
            var turn = next.getValue().removeFirst();
            if (!next.getValue().isEmpty()) {
                // its next one after one of each other group
                waiting.putLast(next.getKey(), next.getValue());
            }
            free--;
            turn.come.countDown();
        }
    }

    /** Who waits, in the order in which turns will come, if nobody else lines up. */
    synchronized List<String> order() {
        var rounds = new ArrayList<Iterator<Turn>>();
        waiting.values().forEach(line -> rounds.add(line.iterator()));
        var order = new ArrayList<String>();
        while (!rounds.isEmpty()) {
            for (var each = rounds.iterator(); each.hasNext(); ) {
                var line = each.next();
                if (line.hasNext()) {
                    order.add(line.next().id);
                } else {
                    each.remove();
                }
            }
        }
        return order;
    }
}
