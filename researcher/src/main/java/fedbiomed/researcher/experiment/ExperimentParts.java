package fedbiomed.researcher.experiment;

import fedbiomed.researcher.Researcher;
import fedbiomed.researcher.aggregator.Aggregator;
import fedbiomed.researcher.strategy.Strategy;
import fedbiomed.training.LoadedPlan;
import fedbiomed.training.PlanRequirements;
import fedbiomed.training.metrics.MetricChoice;
import fedbiomed.training.optimizer.OptimizerModules;
import fedbiomed.training.plan.PlanSource;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Participant;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;

/** What a validated experiment consists of. */
record ExperimentParts(
        Researcher researcher,
        ExperimentFile arguments,
        PlanSource source,
        LoadedPlan plan,
        PlanRequirements requirements,
        Aggregator aggregator,
        Strategy strategy,
        ExperimentFolder folder,
        ExperimentEvents events) {
    ExperimentFile.Begun begun() {
        return Objects.requireNonNull(arguments.begun());
    }

    /** What is told of test results. */
    MetricChoice metrics() {
        return requirements.chosenMetrics(arguments.trainingArgs());
    }

    Jobs jobs() {
        return new Jobs(arguments, aggregator.forNodes(arguments.trainingArgs()), begun());
    }

    SortedSet<Participant> participants() {
        var participants = new TreeSet<Participant>();
        begun().participants().forEach(dataset -> participants.add(dataset.participant()));
        return participants;
    }

    ExperimentParts with(ExperimentFile changed, Strategy other) {
        return new ExperimentParts(researcher, changed, source, plan, requirements, aggregator, other, folder, events);
    }

    /** With other datasets, for a test of its model. */
    ExperimentParts over(List<ChosenDataset> others) {
        var begun = begun();
        var elsewhere = new ExperimentFile.Begun(
                begun.format(), begun.runId(), begun.researcher(), begun.plan(), begun.since(), others, begun.origin());
        // what a round's strategy says of its participants is not said of these
        return with(arguments.begunAs(elsewhere, arguments.plan()), Strategy.all());
    }

    /**
     * @param before the arguments that the experiment had
     * @throws FedbiomedException if these cannot follow them, or do not fit each other
     */
    void requireContinuable(ExperimentFile before) {
        ExperimentBuilder.requireRounds(arguments.rounds());
        var training = arguments.trainingArgs();
        var was = before.trainingArgs();
        if (training.testRatio() != was.testRatio() || training.randomSeed() != was.randomSeed()) {
            throw ExperimentBuilder.wrong("test_ratio (" + was.testRatio() + ") and seed (" + was.randomSeed()
                    + ") say which rows are held out, and these must stay held out: they cannot be changed to "
                    + training.testRatio() + " and " + training.randomSeed() + "; begin a new experiment");
        }
        requirements.chosenMetrics(training);
        OptimizerModules.check(training.optimizerModules());
        aggregator.forNodes(training);
        var stopping = arguments.earlyStopping();
        var unfit = strategy.problemFor(participants());
        if (unfit.isEmpty() && stopping != null) {
            unfit = stopping.problemFor(training);
        }
        if (!unfit.isEmpty()) {
            throw ExperimentBuilder.wrong(unfit);
        }
    }
}
