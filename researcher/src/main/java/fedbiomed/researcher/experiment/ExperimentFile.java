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
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An experiment's arguments as given ({@code experiment.yaml}) and, once it has begun, what became of them.
 *
 * @param tags the datasets' tags; all must match
 * @param nodes only datasets of these nodes; empty: of all
 * @param datasets exactly these participants; empty: all that match
 * @param plan the training plan's file
 * @param earlyStopping {@code null}: all rounds are run
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
        @Nullable EarlyStopping earlyStopping,
        @Nullable Path initialModel,
        @Nullable Path folder,
        boolean retainFullHistory,
        @Nullable Begun begun) {
    /**
     * What was settled when the experiment began, and holds for all its rounds.
     *
     * @param format of the folder; {@code null}: the first, before formats were counted
     * @param runId part of every request's id
     * @param since ISO 8601, UTC
     * @param origin the experiment that this one continues or repeats; {@code null}: it is the first of its kind
     */
    public record Begun(
            @Nullable Integer format,
            String runId,
            PartyId researcher,
            PlanId plan,
            String since,
            List<ChosenDataset> participants,
            @Nullable Origin origin) {
        public Begun {
            participants = List.copyOf(participants);
        }
    }

    /**
     * Where an experiment comes from.
     *
     * @param runId of the experiment before it
     * @param round the last one that both have in common; 0: the initial model
     * @param folder of the experiment before it, as it was called then
     */
    public record Origin(Kind kind, String runId, int round, String folder) {
        public enum Kind {
            /** It goes on from an earlier round, perhaps with other arguments. */
            BRANCH,
            /** It does the same again. */
            REPRODUCTION
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
        return with(draft -> draft.strategy = other);
    }

    public ExperimentFile withAggregator(NamedArgs other) {
        return with(draft -> draft.aggregator = other);
    }

    public ExperimentFile withTrainingArgs(TrainingArgs other) {
        return with(draft -> draft.trainingArgs = other);
    }

    public ExperimentFile withSeed(long other) {
        return withTrainingArgs(trainingArgs.toBuilder().randomSeed(other).build());
    }

    public ExperimentFile withRounds(int other) {
        return with(draft -> draft.rounds = other);
    }

    public ExperimentFile withEarlyStopping(@Nullable EarlyStopping other) {
        return with(draft -> draft.earlyStopping = other);
    }

    public ExperimentFile withRetainFullHistory(boolean other) {
        return with(draft -> draft.retainFullHistory = other);
    }

    ExperimentFile begunAs(Begun now, Path planInFolder) {
        return with(draft -> {
            draft.plan = planInFolder;
            draft.folder = null;
            draft.begun = now;
        });
    }

    private ExperimentFile with(Consumer<Draft> change) {
        var draft = new Draft(this);
        change.accept(draft);
        return new ExperimentFile(
                tags,
                nodes,
                datasets,
                draft.plan,
                modelArgs,
                draft.trainingArgs,
                draft.aggregator,
                draft.strategy,
                draft.rounds,
                draft.earlyStopping,
                initialModel,
                draft.folder,
                draft.retainFullHistory,
                draft.begun);
    }

    /** What may change of it. */
    private static final class Draft {
        private Path plan;
        private TrainingArgs trainingArgs;
        private NamedArgs aggregator;
        private NamedArgs strategy;
        private int rounds;
        private @Nullable EarlyStopping earlyStopping;
        private @Nullable Path folder;
        private boolean retainFullHistory;
        private @Nullable Begun begun;

        Draft(ExperimentFile file) {
            plan = file.plan;
            trainingArgs = file.trainingArgs;
            aggregator = file.aggregator;
            strategy = file.strategy;
            rounds = file.rounds;
            earlyStopping = file.earlyStopping;
            folder = file.folder;
            retainFullHistory = file.retainFullHistory;
            begun = file.begun;
        }
    }
}
