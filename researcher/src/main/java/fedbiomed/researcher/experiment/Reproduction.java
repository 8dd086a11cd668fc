package fedbiomed.researcher.experiment;

import fedbiomed.parameters.Parameters;
import fedbiomed.parameters.Safetensors;
import fedbiomed.parameters.Tensor;
import fedbiomed.researcher.Researcher;
import fedbiomed.researcher.aggregator.Aggregator;
import fedbiomed.researcher.strategy.Candidate;
import fedbiomed.researcher.strategy.Selection;
import fedbiomed.researcher.strategy.Strategy;
import fedbiomed.researcher.strategy.TooFew;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Does an experiment again, under a run id and in a folder of its own, so that every node trains again: the same plan,
 * arguments and seed, and in each round the answers of those whose answers were accepted. Then it says whether every
 * round's model has the same bytes.
 */
public final class Reproduction {
    private static final Duration DEADLINE = Duration.ofHours(24);

    private final Researcher researcher;
    private final Path original;
    private final List<ExperimentListener> listeners = new ArrayList<>();
    private Duration approvalPatience = ExperimentBuilder.APPROVAL_PATIENCE;
    private @Nullable Path folder;
    private @Nullable Aggregator aggregator;

    Reproduction(Researcher researcher, Path original) {
        this.researcher = researcher;
        this.original = original;
    }

    /** Where it is kept; by default beside the original, as {@code FOLDER-reproduced}. */
    public Reproduction folder(Path where) {
        folder = where;
        return this;
    }

    /** The one that the original began with, if it is one's own. */
    public Reproduction aggregator(Aggregator own) {
        aggregator = own;
        return this;
    }

    /** How long data managers' approval is waited for; zero: not at all. */
    public Reproduction approvalPatience(Duration patience) {
        approvalPatience = patience;
        return this;
    }

    public Reproduction listener(ExperimentListener listener) {
        listeners.add(listener);
        return this;
    }

    /**
     * What came of it.
     *
     * @param folder the new experiment's
     * @param rounds how many were done again
     * @param differing rounds whose models' bytes differ, with the largest difference of an element; empty: all agree
     */
    public record Outcome(Path folder, int rounds, SortedMap<Integer, Double> differing) {
        public boolean agrees() {
            return differing.isEmpty();
        }
    }

    /**
     * @throws FedbiomedException if the original has no finished round, or used late answers: when they came cannot be
     *     done again
     */
    public Outcome run() {
        var stored = StoredExperiment.open(researcher, original);
        int last = stored.folder().lastFinishedRound();
        if (last < 1) {
            throw ExperimentBuilder.wrong("the experiment in " + original + " has no finished round to do again");
        }
        int first = firstRound(stored.arguments());
        var accepted = accepted(stored.folder(), first, last);
        var branch = new ExperimentBranch(researcher, original, first)
                .reproduction(as(accepted))
                .approvalPatience(approvalPatience)
                .changes(file -> file.withRounds(last).withEarlyStopping(null));
        if (folder != null) {
            branch.folder(folder);
        }
        if (aggregator != null) {
            branch.aggregator(aggregator);
        }
        var again = branch.open();
        listeners.forEach(again::listener);
        again.runAs(round -> stored.folder().round(round).trainingArgs());
        return new Outcome(
                again.folder(), last - Math.max(first, 0), differences(stored.folder(), again.folder(), first, last));
    }

    /** What a branch took over was not done by it. An initial model that was given is in the folder, perhaps nowhere else. */
    private static int firstRound(ExperimentFile arguments) {
        var begun = arguments.begun();
        var origin = begun == null ? null : begun.origin();
        if (origin != null && origin.round() >= 0) {
            return origin.round();
        }
        return arguments.initialModel() != null ? 0 : ExperimentBranch.NOTHING;
    }

    private SortedMap<Integer, SortedSet<Participant>> accepted(ExperimentFolder folder, int first, int last) {
        var accepted = new TreeMap<Integer, SortedSet<Participant>>();
        for (int round = Math.max(first, 0) + 1; round <= last; round++) {
            var those = new TreeSet<Participant>();
            for (var outcome : folder.round(round).replies()) {
                if (outcome.reply() != null && outcome.askedIn() != null) {
                    throw ExperimentBuilder.wrong("round " + round + " of " + original + " used an answer of "
                            + outcome.participant() + " to round " + outcome.askedIn()
                            + " that came late (late: use); that cannot be done again");
                }
                if (outcome.reply() != null) {
                    those.add(outcome.participant());
                }
            }
            accepted.put(round, those);
        }
        return accepted;
    }

    /** A round that was skipped asks nobody and is skipped again. */
    private static Strategy as(SortedMap<Integer, SortedSet<Participant>> accepted) {
        boolean skips = accepted.values().stream().anyMatch(SortedSet::isEmpty);
        var all = Strategy.of(new Recorded(accepted)).deadline(DEADLINE);
        return skips ? all.tooFew(TooFew.SKIP) : all;
    }

    /** Those whose answers were accepted. */
    private record Recorded(SortedMap<Integer, SortedSet<Participant>> accepted) implements Selection {
        @Override
        public String name() {
            return "recorded";
        }

        @Override
        public Collection<Participant> select(
                List<Candidate> candidates, int count, int round, RandomGenerator random) {
            return accepted.getOrDefault(round, new TreeSet<>());
        }
    }

    private static SortedMap<Integer, Double> differences(ExperimentFolder one, Path otherFolder, int first, int last) {
        var other = ExperimentFolder.open(otherFolder);
        var differing = new TreeMap<Integer, Double>();
        for (int round = Math.max(first, ExperimentBranch.NOTHING) + 1; round <= last; round++) {
            if (!sha256(one.model(round)).equals(sha256(other.model(round)))) {
                differing.put(round, difference(one.model(round), other.model(round)));
            }
        }
        return differing;
    }

    private static String sha256(Path file) {
        try {
            return Sha256.of(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private static double difference(Path one, Path other) {
        try (var left = Safetensors.open(one);
                var right = Safetensors.open(other)) {
            return difference(left.parameters(), right.parameters());
        }
    }

    private static double difference(Parameters left, Parameters right) {
        left.requireSameStructure(right);
        double largest = 0;
        for (var name : left.names()) {
            Tensor a = left.get(name);
            Tensor b = right.get(name);
            for (long i = 0; i < a.elements(); i++) {
                largest = Math.max(largest, Math.abs(a.doubleAt(i) - b.doubleAt(i)));
            }
        }
        return largest;
    }
}
