package fedbiomed.researcher.experiment;

import fedbiomed.parameters.Safetensors;
import fedbiomed.protocol.Correspondence;
import fedbiomed.protocol.message.Reply;
import fedbiomed.protocol.message.Request;
import fedbiomed.researcher.strategy.Decision;
import fedbiomed.training.ModelMetadata;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.EvaluationSums;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Participant;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;

/** A test of any model of the plan on the participants' held-out rows; the experiment stays as it is. */
final class EvaluationRun {
    private final ExperimentParts parts;
    private final int round;
    private final Function<ChosenDataset, Double> testRatio;

    private EvaluationRun(ExperimentParts parts, int round, Function<ChosenDataset, Double> testRatio) {
        this.parts = parts;
        this.round = round;
        this.testRatio = testRatio;
    }

    /** On the experiment's participants, and the rows that its rounds held out. */
    static EvaluationRun ofExperiment(ExperimentParts parts, int round) {
        double ratio = parts.arguments().trainingArgs().testRatio();
        if (ratio == 0) {
            throw new FedbiomedException(
                    ErrorCode.DATA_UNFIT,
                    "training_args.test_ratio is 0, so no row is held out to test on; set it, e.g. to 0.2");
        }
        return new EvaluationRun(parts, round, _ -> ratio);
    }

    /**
     * On the participants of {@code parts}, whichever they are.
     *
     * @param testRatio the part of a dataset's rows that is tested
     */
    static EvaluationRun on(ExperimentParts parts, int round, Function<ChosenDataset, Double> testRatio) {
        return new EvaluationRun(parts, round, testRatio);
    }

    /** @param model with the statistics that its inputs are to be prepared with in its metadata, as this program saves it */
    Evaluation run(Path model) {
        var entry = parts.researcher().published().seal(model, parts.folder().newSealed());
        var reference = entry.ref().plain();
        ModelMetadata metadata;
        try (var mapped = Safetensors.open(model)) {
            metadata = ModelMetadata.of(mapped.parameters().metadata());
        }
        // of whichever round the model is: parts that never left a node are there as they are now
        var states =
                round == 0 ? NodeStateIds.NONE : parts.folder().round(round).nodeStates();
        var check = new UpdateCheck(parts.requirements(), parts.aggregator(), null, model);
        var datasets = new TreeMap<Participant, ChosenDataset>();
        var gathering = new Gathering<EvaluationSums>(
                parts.researcher(),
                parts.strategy(),
                round,
                (participant, _, answered, _) -> {
                    if (!(answered.reply() instanceof Reply.Evaluate answer)) {
                        throw new FedbiomedException(
                                ErrorCode.BAD_MESSAGE, "it answered a question for a test with something else");
                    }
                    check.test(datasets.get(participant), answer.test());
                    return answer.test();
                },
                (participant, state) -> parts.events().participantChanged(round, participant, state));
        for (var dataset : testable()) {
            datasets.put(dataset.participant(), dataset);
            var request = new Request.Evaluate(parts.jobs()
                    .testing(testRatio.apply(dataset))
                    .job(dataset, round, states.of(dataset.participant()), metadata.preprocessing(), reference));
            gathering.add(dataset.participant(), request, Correspondence.idOf(request), null);
        }
        var recipients =
                datasets.keySet().stream().map(Participant::node).distinct().toList();
        var publication = parts.researcher().published().publish(entry, recipients);
        try {
            return result(gathering.await(List.of(publication.ref())));
        } finally {
            publication.withdraw();
        }
    }

    /** All but those whose node would refuse: it gave no metrics of its training either. */
    private List<ChosenDataset> testable() {
        var all = parts.begun().participants();
        if (round == 0) {
            return all;
        }
        var withheld = RoundSummary.withheld(parts.folder().round(round).replies());
        var testable = all.stream()
                .filter(dataset -> !withheld.contains(dataset.participant()))
                .toList();
        if (testable.isEmpty()) {
            throw FedbiomedException.byRule(
                    "metrics_leave",
                    "no participant's node gives metrics, by its policy (metrics_leave: false); test the model on data of"
                            + " your own ('fedbiomed predict')");
        }
        return testable;
    }

    private Evaluation result(Gathered<EvaluationSums> ended) {
        var outcomes = ended.outcomes(_ -> null);
        if (ended.decision() instanceof Decision.Fail(var reason)) {
            throw new RoundFailed("the test", reason, outcomes, parts.folder().root());
        }
        return Evaluation.of(ended.accepted(), outcomes, parts.metrics());
    }
}
