package fedbiomed.researcher.experiment;

import fedbiomed.researcher.Researcher;
import fedbiomed.researcher.aggregator.Aggregator;
import fedbiomed.researcher.aggregator.Aggregators;
import fedbiomed.researcher.strategy.Strategies;
import fedbiomed.researcher.strategy.Strategy;
import fedbiomed.training.LoadedPlan;
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
        var onDisk = ExperimentFolder.open(folder);
        var before = ExperimentYaml.read(folder.resolve(ExperimentFolder.ARGUMENTS));
        var arguments = changes.apply(before);
        if (strategy != null) {
            arguments = arguments.withStrategy(NamedArgs.of(strategy));
        }
        requireOwn(arguments);
        var plan = planOf(arguments);
        var parts = new ExperimentParts(
                researcher,
                arguments,
                plan.source(),
                plan,
                plan.requirements(arguments.modelArgs()),
                aggregatorOf(arguments.aggregator()),
                strategyOf(arguments.strategy()),
                onDisk,
                new ExperimentEvents());
        if (!arguments.equals(before)) {
            onDisk.writeArguments(arguments);
        }
        return new Experiment(parts, approvalPatience, "");
    }

    private void requireOwn(ExperimentFile arguments) {
        var begun = arguments.begun();
        if (begun == null) {
            throw new FedbiomedException(
                    ErrorCode.POLICY,
                    folder + " holds arguments, but no experiment that has begun; start it with 'fedbiomed run "
                            + folder.resolve(ExperimentFolder.ARGUMENTS) + "'");
        }
        if (!begun.researcher().equals(researcher.party())) {
            throw new FedbiomedException(
                    ErrorCode.POLICY,
                    "the experiment in " + folder + " is of researcher '" + begun.researcher() + "', and this is '"
                            + researcher.party() + "'; its nodes would not know it");
        }
    }

    private static LoadedPlan planOf(ExperimentFile arguments) {
        var plan = LoadedPlan.open(arguments.plan());
        var begun = arguments.begun();
        if (begun == null || !plan.id().equals(begun.plan())) {
            throw new FedbiomedException(
                    ErrorCode.PLAN_INVALID,
                    "the plan in " + arguments.plan()
                            + ", or an attachment beside it, was changed since the experiment began; put it back, or begin a new experiment");
        }
        return plan;
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
                            + "; give it the same again, or begin a new experiment");
        }
        return own;
    }

    private Strategy strategyOf(NamedArgs named) {
        return strategy != null ? strategy : Strategies.named(named.name(), named.args());
    }
}
