package fedbiomed.researcher;

import fedbiomed.protocol.Correspondence;
import fedbiomed.protocol.message.Answer;
import fedbiomed.protocol.message.Reply;
import fedbiomed.protocol.message.Request;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Text;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Asks every node that is there what it offers, and waits until all have answered or the patience ends. */
final class DatasetSearch {
    /** Nodes make themselves known within moments of the connection; nobody is asked who was not heard of by then. */
    private static final Duration GATHERING = Duration.ofMillis(800);

    /** Before a node that a person has trusted is taken to be offline: a busy machine hears of it late. */
    private static final Duration GATHERING_TRUSTED = Duration.ofSeconds(5);

    private static final long LOOK_NANOS = 20_000_000;
    /** So many times as long as it took to look at all nodes is waited before the next look: there may be thousands. */
    private static final int PAUSE_FOR_EACH_LOOK = 9;

    /** More is no hospital's list. */
    private static final int MAX_DATASETS_PER_NODE = 10_000;

    private final Correspondence correspondence;
    private final Supplier<java.util.List<NodeView>> nodes;
    private final boolean presenceKnown;
    private final Duration patience;

    /** @param presenceKnown whether nobody need be waited for to make himself known */
    DatasetSearch(
            Correspondence correspondence,
            Supplier<java.util.List<NodeView>> nodes,
            boolean presenceKnown,
            Duration patience) {
        this.correspondence = correspondence;
        this.nodes = nodes;
        this.presenceKnown = presenceKnown;
        this.patience = patience;
    }

    Datasets search(SortedSet<String> tags) {
        long start = System.nanoTime();
        var asked = new TreeMap<PartyId, CompletableFuture<Answer>>();
        while (true) {
            long looked = System.nanoTime();
            var there = nodes.get();
            looked = System.nanoTime() - looked;
            for (var node : there) {
                if (node.online()) {
                    // a nonce of its own for each: equal bodies would be one request
                    asked.computeIfAbsent(node.node(), to -> ask(to, tags));
                }
            }
            long elapsed = System.nanoTime() - start;
            boolean allThere = asked.values().stream().allMatch(CompletableFuture::isDone);
            if (elapsed >= patience.toNanos()
                    || allThere && elapsed >= gathering().toNanos()) {
                return result(asked);
            }
            pause(Math.max(LOOK_NANOS, PAUSE_FOR_EACH_LOOK * looked));
        }
    }

    private Duration gathering() {
        if (presenceKnown) {
            return Duration.ZERO;
        }
        boolean trustedOneMissing = nodes.get().stream()
                .anyMatch(node -> !node.online() && node.whatToDo().isEmpty());
        return trustedOneMissing ? GATHERING_TRUSTED : GATHERING;
    }

    private CompletableFuture<Answer> ask(PartyId node, SortedSet<String> tags) {
        var nonce = UUID.randomUUID().toString();
        var request = tags.isEmpty() ? new Request.ListDatasets(nonce) : new Request.Search(tags, nonce);
        return correspondence.ask(node, request, patience);
    }

    private Datasets result(TreeMap<PartyId, CompletableFuture<Answer>> asked) {
        var offered = new ArrayList<OfferedDataset>();
        var silences = new ArrayList<String>();
        for (var view : nodes.get()) {
            var future = asked.get(view.node());
            if (future == null) {
                silences.add("node " + view.node() + " is offline");
                continue;
            }
            try {
                take(view, future.get(0, TimeUnit.MILLISECONDS).reply(), offered, silences);
            } catch (TimeoutException e) {
                silences.add("node " + view.node() + " has not answered within " + patience.toSeconds() + " s");
            } catch (ExecutionException e) {
                silences.add("node " + view.node() + ": " + Text.shown(String.valueOf(e.getCause()), 500));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new FedbiomedException(ErrorCode.CANCELLED, "interrupted while asking the nodes", e);
            }
        }
        offered.sort(Comparator.comparing(OfferedDataset::participant));
        return new Datasets(offered, silences);
    }

    private static void take(
            NodeView view, Reply reply, ArrayList<OfferedDataset> offered, ArrayList<String> silences) {
        boolean trusted = view.whatToDo().isEmpty();
        switch (reply) {
            case Reply.Datasets answer -> {
                var ids = new TreeSet<String>();
                answer.datasets().stream()
                        .limit(MAX_DATASETS_PER_NODE)
                        .filter(dataset -> !dataset.shape().isEmpty() && ids.add(dataset.id()))
                        .forEach(dataset -> offered.add(new OfferedDataset(view.node(), dataset, trusted)));
                if (!trusted) {
                    silences.add("node " + view.node() + " is not trusted here: " + view.whatToDo());
                }
            }
            case Reply.Error error ->
                silences.add("node " + view.node() + " refused: " + Text.shown(error.text(), 1000));
            default -> silences.add("node " + view.node() + " answered something else than was asked");
        }
    }

    private static void pause(long nanos) {
        try {
            TimeUnit.NANOSECONDS.sleep(nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FedbiomedException(ErrorCode.CANCELLED, "interrupted while asking the nodes", e);
        }
    }
}
