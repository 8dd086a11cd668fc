package fedbiomed.researcher.experiment;

import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.PlanId;
import fedbiomed.vocabulary.TrainingArgs;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * An experiment's arguments as given ({@code experiment.yaml}) and, once it has begun, what became of them.
 *
 * @param tags the datasets' tags; all must match
 * @param nodes only datasets of these nodes; empty: of all
 * @param datasets exactly these participants; empty: all that match
 * @param plan the training plan's file
 * @param initialModel weights to begin with; {@code null}: the plan's own
 * @param folder where the experiment is kept; {@code null}: a new one under {@code experiments/}
 * @param retainFullHistory keep every participant's update of every round
 * @param begun {@code null} before the experiment has begun
 */
public record ExperimentFile(
        SortedSet<String> tags,
        SortedSet<PartyId> nodes,
        SortedSet<Participant> datasets,
        Path plan,
        Args modelArgs,
        TrainingArgs trainingArgs,
        NamedArgs aggregator,
        NamedArgs strategy,
        int rounds,
        @Nullable Path initialModel,
        @Nullable Path folder,
        boolean retainFullHistory,
        @Nullable Begun begun) {
    /**
     * What was settled when the experiment began, and holds for all its rounds.
     *
     * @param runId part of every request's id
     * @param since ISO 8601, UTC
     */
    public record Begun(String runId, PartyId researcher, PlanId plan, String since, List<ChosenDataset> participants) {
        public Begun {
            participants = List.copyOf(participants);
        }
    }

    public ExperimentFile {
        tags = new TreeSet<>(tags);
        nodes = new TreeSet<>(nodes);
        datasets = new TreeSet<>(datasets);
    }

    public long seed() {
        return trainingArgs.randomSeed();
    }

    public ExperimentFile withStrategy(NamedArgs other) {
        return new ExperimentFile(
                tags,
                nodes,
                datasets,
                plan,
                modelArgs,
                trainingArgs,
                aggregator,
                other,
                rounds,
                initialModel,
                folder,
                retainFullHistory,
                begun);
    }

    public ExperimentFile withSeed(long other) {
        return new ExperimentFile(
                tags,
                nodes,
                datasets,
                plan,
                modelArgs,
                trainingArgs.toBuilder().randomSeed(other).build(),
                aggregator,
                strategy,
                rounds,
                initialModel,
                folder,
                retainFullHistory,
                begun);
    }

    public ExperimentFile withRounds(int other) {
        return new ExperimentFile(
                tags,
                nodes,
                datasets,
                plan,
                modelArgs,
                trainingArgs,
                aggregator,
                strategy,
                other,
                initialModel,
                folder,
                retainFullHistory,
                begun);
    }

    ExperimentFile begunAs(Begun now, Path planInFolder) {
        return new ExperimentFile(
                tags,
                nodes,
                datasets,
                planInFolder,
                modelArgs,
                trainingArgs,
                aggregator,
                strategy,
                rounds,
                initialModel,
                null,
                retainFullHistory,
                now);
    }
}
