package fedbiomed.researcher.experiment;

import fedbiomed.researcher.Researcher;
import fedbiomed.researcher.aggregator.Aggregator;
import fedbiomed.researcher.strategy.Strategy;
import fedbiomed.training.LoadedPlan;
import fedbiomed.training.PlanRequirements;
import fedbiomed.training.metrics.MetricChoice;
import fedbiomed.training.plan.PlanSource;
import fedbiomed.vocabulary.Participant;
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
}
