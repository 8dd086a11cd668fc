package fedbiomed.researcher.command;

import fedbiomed.researcher.experiment.ExperimentFile;
import fedbiomed.researcher.experiment.NamedArgs;
import fedbiomed.vocabulary.Args;
import java.nio.file.Path;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the command line says in place of an experiment's file. */
public final class ChangedExperiment {
    @Option(names = "--rounds", paramLabel = "N", description = "How many rounds, instead of what the file says.")
    @Nullable
    Integer rounds;

    @Option(
            names = "--quorum",
            paramLabel = "N",
            description = "Fewest answers of a round, instead of what the file says.")
    @Nullable
    Integer quorum;

    /** @param done rounds that are finished. @throws IllegalArgumentException if fewer are asked for */
    public void requireRounds(int done) {
        if (rounds != null && rounds < 1) {
            throw new IllegalArgumentException("--rounds must be at least 1, not " + rounds);
        }
        if (rounds != null && rounds < done) {
            throw new IllegalArgumentException(
                    "--rounds " + rounds + " is fewer than the " + done + " that are done; give " + done + " or more");
        }
    }

    public ExperimentFile of(ExperimentFile file) {
        var changed = rounds == null ? file : file.withRounds(rounds);
        if (quorum == null) {
            return changed;
        }
        var args = new TreeMap<>(file.strategy().args().values());
        args.put("quorum", quorum);
        return changed.withStrategy(new NamedArgs(file.strategy().name(), new Args(args)));
    }

    /**
     * With what {@code other} says that may change between rounds.
     *
     * @param source where {@code other} is from, for the message
     */
    static ExperimentFile over(ExperimentFile before, ExperimentFile other, Path source) {
        if (!other.modelArgs().equals(before.modelArgs())) {
            throw new IllegalArgumentException(
                    source + " has other model_args " + other.modelArgs().values()
                            + " than the experiment (" + before.modelArgs().values()
                            + "), so that its model would be another; begin a new experiment");
        }
        return before.withTrainingArgs(other.trainingArgs())
                .withAggregator(other.aggregator())
                .withStrategy(other.strategy())
                .withRounds(other.rounds())
                .withEarlyStopping(other.earlyStopping())
                .withRetainFullHistory(other.retainFullHistory());
    }
}
