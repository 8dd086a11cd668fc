package fedbiomed.researcher.experiment;

import fedbiomed.researcher.Researcher;
import fedbiomed.researcher.aggregator.Aggregator;
import fedbiomed.researcher.aggregator.Aggregators;
import fedbiomed.researcher.strategy.Strategies;
import fedbiomed.researcher.strategy.Strategy;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Goes on with an experiment's folder. It knows its aggregator and strategy by name and arguments: one's own, which no
 * name leads to, is given here again.
 */
public final class ExperimentResumption {
    private final Researcher researcher;
    private final Path folder;
    private UnaryOperator<ExperimentFile> changes = UnaryOperator.identity();
    private Duration approvalPatience = ExperimentBuilder.APPROVAL_PATIENCE;
    private @Nullable Aggregator aggregator;
    private @Nullable Strategy strategy;

    ExperimentResumption(Researcher researcher, Path folder) {
        this.researcher = researcher;
        this.folder = folder;
    }

    /** The aggregator that the experiment began with, with the same arguments. */
    public ExperimentResumption aggregator(Aggregator own) {
        aggregator = own;
        return this;
    }

    /** This strategy from now on, also if it began with another. */
    public ExperimentResumption strategy(Strategy own) {
        strategy = own;
        return this;
    }

    /** {@link ExperimentFile#withRounds}, say; what changes is kept. */
    public ExperimentResumption changes(UnaryOperator<ExperimentFile> changed) {
        changes = changed;
        return this;
    }

    /** How long data managers' approval is waited for; zero: not at all. */
    public ExperimentResumption approvalPatience(Duration patience) {
        approvalPatience = patience;
        return this;
    }

    /**
     * @throws FedbiomedException if the folder is no experiment of this researcher, its plan was changed, or its
     *     aggregator is another
     */
    public Experiment open() {
        var stored = StoredExperiment.open(researcher, folder);
        var arguments = changes.apply(stored.arguments());
        if (strategy != null) {
            arguments = arguments.withStrategy(NamedArgs.of(strategy));
        }
        var parts = stored.parts(
                arguments, aggregatorOf(arguments.aggregator()), strategyOf(arguments.strategy()), stored.folder());
        parts.requireContinuable(stored.arguments());
        if (!arguments.equals(stored.arguments())) {
            stored.folder().writeArguments(arguments);
        }
        return new Experiment(parts, approvalPatience, "");
    }

    /** What the rounds so far have left is an aggregator's own: another would misread it. */
    private Aggregator aggregatorOf(NamedArgs began) {
        var own = aggregator;
        if (own == null) {
            return Aggregators.named(began.name(), began.args());
        }
        var given = NamedArgs.of(own);
        if (!given.equals(began)) {
            throw new FedbiomedException(
                    ErrorCode.POLICY,
                    "the experiment in " + folder + " was begun with the aggregator " + began
                            + ", and is to go on with " + given
                            + "; give it the same again, branch from an earlier round, or begin a new experiment");
        }
        return own;
    }

    private Strategy strategyOf(NamedArgs named) {
        return strategy != null ? strategy : Strategies.named(named.name(), named.args());
    }
}
