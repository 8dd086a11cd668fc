package fedbiomed.researcher.experiment;

import fedbiomed.researcher.monitor.TensorBoardFolder;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.Scalar;
import java.util.HashMap;
import java.util.Map;

/**
 * {@code tensorboard/}: a run for each participant, whose steps are its batches since the experiment's beginning, and the run
 * {@code global_model}, whose steps are rounds: so its tags are others, that no chart has both. Where a participant stands after a round its answer tells, so that a resumed
 * experiment goes on at the same step.
 */
final class TensorBoardLog implements RunLog {
    /** No party's name has an underscore. */
    private static final String GLOBAL_RUN = "global_model";

    /** More than there will ever be, and far from overflow: a node's counts are not believed. */
    private static final long MAX_STEPS = 1L << 40;

    private final TensorBoardFolder folder;
    private final int firstRound;
    private final Map<Participant, Steps> participants = new HashMap<>();

    private static final class Steps {
        final long first;
        long done;
        long seen;

        Steps(long done) {
            this.first = done + 1;
            this.done = done;
        }
    }

    TensorBoardLog(ExperimentFolder experiment, TensorBoardFolder folder) {
        this.folder = folder;
        int finished = experiment.lastFinishedRound();
        this.firstRound = Math.max(1, finished + 1);
        var done = new HashMap<Participant, Long>();
        for (int round = 1; round <= finished; round++) {
            for (var outcome : experiment.round(round).replies()) {
                done.merge(outcome.participant(), updates(outcome), Long::sum);
            }
        }
        done.forEach((participant, steps) -> participants.put(participant, new Steps(steps)));
    }

    private static long updates(ParticipantOutcome outcome) {
        return outcome.reply() == null ? 0 : Math.clamp(outcome.reply().updates(), 0, MAX_STEPS);
    }

    @Override
    public void add(Scalar scalar) {
        var steps = steps(scalar.participant());
        long iteration = Math.clamp(scalar.iteration(), 0, MAX_STEPS);
        steps.seen = Math.max(steps.seen, iteration);
        write(
                scalar.participant(),
                steps,
                scalar.phase() + "/" + scalar.name(),
                steps.done + iteration,
                scalar.value());
    }

    @Override
    public void add(RoundSummary summary) {
        for (var outcome : summary.outcomes()) {
            if (outcome.status() == OutcomeStatus.AWAITED) {
                continue;
            }
            var steps = steps(outcome.participant());
            // what was trained and not accepted was shown, too
            steps.done += outcome.reply() == null ? steps.seen : updates(outcome);
            steps.seen = 0;
        }
        var loss = summary.loss();
        if (loss != null) {
            global("training_loss", summary.round(), loss);
        }
        // of the model that the round began with
        summary.pooledGlobal()
                .forEach((name, value) -> global(RunPhases.GLOBAL_TEST + "/" + name, summary.round() - 1L, value));
        summary.pooledLocal()
                .forEach((name, value) -> global(RunPhases.LOCAL_TEST + "/" + name, summary.round(), value));
    }

    @Override
    public void addFinalTest(int round, Evaluation test) {
        test.metrics()
                .forEach((participant, metrics) -> metrics.forEach((name, value) -> write(
                        participant,
                        steps(participant),
                        RunPhases.GLOBAL_TEST + "/" + name,
                        steps(participant).done,
                        value)));
        test.pooled().forEach((name, value) -> global(RunPhases.GLOBAL_TEST + "/" + name, round, value));
    }

    private Steps steps(Participant participant) {
        return participants.computeIfAbsent(participant, _ -> new Steps(0));
    }

    private void write(Participant participant, Steps steps, String tag, long step, double value) {
        folder.scalar(run(participant), steps.first, tag, step, value);
    }

    private void global(String tag, long step, double value) {
        folder.scalar(GLOBAL_RUN, firstRound, GLOBAL_RUN + "/" + tag, step, value);
    }

    /** A dataset's id comes from its node. */
    private static String run(Participant participant) {
        return participant.node() + "/"
                + participant.dataset().replaceAll("[^A-Za-z0-9._-]", "_").replaceFirst("^\\.", "_");
    }

    @Override
    public void close() {
        folder.close();
    }
}
