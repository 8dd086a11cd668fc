package fedbiomed.researcher.experiment;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.PartyId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A test of a model on datasets of the federation, without training: on each, and on all of their rows together. Datasets
 * that the experiment was trained on are tested on the rows that were held out of it, others on all of their rows.
 */
public final class EvaluationBuilder {
    private final ExperimentParts parts;
    private final SortedSet<String> tags = new TreeSet<>();
    private final SortedSet<PartyId> nodes = new TreeSet<>();
    private final SortedSet<Participant> datasets = new TreeSet<>();
    private int round;
    private @Nullable Path model;
    private double testRatio = 1;
    private Duration approvalPatience = ExperimentBuilder.APPROVAL_PATIENCE;

    EvaluationBuilder(ExperimentParts parts, int round) {
        this.parts = parts;
        this.round = round;
    }

    /** The model after this round; that of the last one where nothing is said. */
    public EvaluationBuilder round(int finished) {
        if (finished < 0 || finished > parts.folder().lastFinishedRound()) {
            throw Experiment.noModel(finished, parts);
        }
        round = finished;
        return this;
    }

    /** A file that an experiment with this plan saved; the statistics in its metadata prepare the inputs. */
    public EvaluationBuilder model(Path safetensors) {
        model = safetensors;
        return this;
    }

    /** Datasets that have all of them, of any nodes; where nothing is said, the experiment's participants. */
    public EvaluationBuilder tags(String... tags) {
        this.tags.addAll(List.of(tags));
        return this;
    }

    /** Of these nodes alone. */
    public EvaluationBuilder nodes(String... nodes) {
        for (var node : nodes) {
            this.nodes.add(PartyId.of(node));
        }
        return this;
    }

    /** Exactly these. */
    public EvaluationBuilder datasets(Participant... participants) {
        datasets.addAll(List.of(participants));
        return this;
    }

    /** The part of the rows of datasets that were not trained on; 1 where nothing is said: all of them. */
    public EvaluationBuilder testRatio(double ratio) {
        if (!(ratio > 0 && ratio <= 1)) {
            throw ExperimentBuilder.wrong("the part of the rows to test on is more than 0 and at most 1, not " + ratio);
        }
        testRatio = ratio;
        return this;
    }

    /** How long the approval of data managers is waited for that do not know the plan; zero: not at all. */
    public EvaluationBuilder approvalPatience(Duration patience) {
        approvalPatience = patience;
        return this;
    }

    /**
     * @throws RoundFailed if too few answer
     * @throws FedbiomedException if no dataset fits, or the plan may not run there
     */
    public Evaluation run() {
        var file = model == null ? parts.folder().round(round).global() : model;
        if (tags.isEmpty() && nodes.isEmpty() && datasets.isEmpty()) {
            return EvaluationRun.ofExperiment(parts, round).run(file);
        }
        var trainedOn = trainedOn();
        var chosen = new ArrayList<ChosenDataset>();
        for (var dataset : find(trainedOn)) {
            boolean nothingHeld = trainedOn.containsKey(dataset.participant()) && heldOut() == 0;
            if (nothingHeld) {
                parts.events()
                        .notice(dataset.participant()
                                + " is left out: the experiment was trained on all of its rows (test_ratio 0)");
            } else {
                chosen.add(dataset);
            }
        }
        if (chosen.isEmpty()) {
            throw new FedbiomedException(
                    ErrorCode.DATA_UNFIT, "there is no row to test on that the model was not trained on");
        }
        var elsewhere = parts.over(chosen);
        new PlanApprovals(elsewhere, approvalPatience, "").require();
        return EvaluationRun.on(
                        elsewhere,
                        round,
                        dataset -> trainedOn.containsKey(dataset.participant()) ? heldOut() : testRatio)
                .run(file);
    }

    private double heldOut() {
        return parts.arguments().trainingArgs().testRatio();
    }

    private SortedMap<Participant, ChosenDataset> trainedOn() {
        var map = new TreeMap<Participant, ChosenDataset>();
        parts.begun().participants().forEach(dataset -> map.put(dataset.participant(), dataset));
        return map;
    }

    /** Without tags: the experiment's own, of the nodes that were named. */
    private List<ChosenDataset> find(SortedMap<Participant, ChosenDataset> trainedOn) {
        if (tags.isEmpty() && datasets.isEmpty()) {
            var own = trainedOn.values().stream()
                    .filter(dataset -> nodes.contains(dataset.participant().node()))
                    .toList();
            if (own.isEmpty()) {
                throw ExperimentBuilder.wrong("no participant of the experiment is at the nodes " + nodes
                        + "; give tags, to test on other datasets");
            }
            return own;
        }
        var problems = new ArrayList<FedbiomedException>();
        var found = new ParticipantSearch(parts.researcher(), tags, nodes, datasets)
                .find(parts.requirements(), parts.events(), problems);
        if (!problems.isEmpty()) {
            throw ExperimentBuilder.all(problems);
        }
        return found;
    }
}
