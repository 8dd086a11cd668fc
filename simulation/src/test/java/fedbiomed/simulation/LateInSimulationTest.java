package fedbiomed.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import fedbiomed.parameters.Auxiliary;
import fedbiomed.parameters.Safetensors;
import fedbiomed.researcher.aggregator.Scaffold;
import fedbiomed.researcher.experiment.Experiment;
import fedbiomed.researcher.experiment.ExperimentListener;
import fedbiomed.researcher.experiment.OutcomeStatus;
import fedbiomed.researcher.strategy.Decision;
import fedbiomed.researcher.strategy.Management;
import fedbiomed.researcher.strategy.RoundProgress;
import fedbiomed.researcher.strategy.Strategy;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.UpdateCompression;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A late answer in a later round, with SCAFFOLD's control variates: held against the paper's sums over the updates' files. */
class LateInSimulationTest {
    private static final int ROUNDS = 3;
    private static final Duration DEADLINE = Duration.ofSeconds(1);
    private static final String LATE = "node-2";

    @TempDir
    Path folder;

    /** Round 1 ends at its deadline without one; round 2 when the late answer has come; the others when all have answered. */
    private record Played(Management management, AtomicBoolean came) implements Strategy {
        @Override
        public Decision decide(RoundProgress progress) {
            boolean all = progress.answered() == progress.asked();
            boolean over = switch (progress.round()) {
                case 1 -> progress.answered() == 2 && progress.elapsed().compareTo(DEADLINE) > 0;
                case 2 -> all && came.get();
                default -> all;
            };
            return over ? Decision.COMPLETE : Decision.WAIT;
        }
    }

    private Experiment played(SimulatedFederation federation, String name) throws IOException {
        return played(federation, name, null);
    }

    private Experiment played(SimulatedFederation federation, String name, @Nullable UpdateCompression compression)
            throws IOException {
        var gate = new CountDownLatch(1);
        var came = new AtomicBoolean();
        federation.node(LATE).behaviour(Behaviour.hostile(update -> {
            try {
                gate.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return update.trained();
        }));
        var rules =
                Strategy.all().quorum(2).deadline(DEADLINE).useLateAnswers(30).management();
        var experiment = LeastSquares.experiment(federation, folder, new Scaffold(), 0.05)
                .trainingArgs(args -> args.numUpdates(5).compression(compression))
                .strategy(new Played(rules, came))
                .listener(new ExperimentListener() {
                    @Override
                    public void roundStarted(int round, int rounds, SortedSet<Participant> asked) {
                        if (round == 2) {
                            gate.countDown();
                        }
                    }

                    @Override
                    public void participantChanged(int round, Participant participant, String state) {
                        if (participant.node().value().equals(LATE) && round == 2 && state.equals("answered")) {
                            came.set(true);
                        }
                    }
                })
                .retainFullHistory(true)
                .rounds(ROUNDS)
                .folder(folder.resolve(name))
                .build();
        experiment.run();
        return experiment;
    }

    @Test
    void aLateAnswerIsAStepOfTheRoundThatUsesItAndItsControlVariateChangesOnce() throws IOException {
        var problem = new LeastSquares(1, 2, 3);
        try (var federation = problem.federation(folder, 4)) {
            var experiment = played(federation, "first");
            assertThat(experiment.summary(1).outcomes().getLast().status()).isEqualTo(OutcomeStatus.AWAITED);
            var late = experiment.summary(2).outcomes().getLast();
            assertThat(late.status()).isEqualTo(OutcomeStatus.LATE_USED);
            assertThat(late.askedIn()).isEqualTo(1);
            assertThat(experiment.summary(3).accepted()).isEqualTo(3);
            for (int round = 1; round <= ROUNDS; round++) {
                assertSums(experiment, round);
            }

            var again = played(federation, "again");
            for (var file : List.of("global.safetensors", "state.safetensors")) {
                assertThat(round(again, ROUNDS).resolve(file))
                        .hasSameBinaryContentAs(round(experiment, ROUNDS).resolve(file));
            }
        }
    }

    /** Its difference belongs to round 1's model, not to the one of the round that takes it in. */
    @Test
    void aLateDifferenceIsAddedToTheModelThatItWasTakenFrom() throws IOException {
        var problem = new LeastSquares(1, 2, 3);
        try (var federation = problem.federation(folder, 4)) {
            var plain = played(federation, "plain");
            var compressed = played(federation, "compressed", UpdateCompression.float16());
            var late = compressed.summary(2).outcomes().getLast();
            assertThat(late.status()).isEqualTo(OutcomeStatus.LATE_USED);
            var expected = coef(update(plain, 2, late.participant()), "coef");
            var came = coef(update(compressed, 2, late.participant()), "coef");
            var moved = coef(round(compressed, 1).resolve("global.safetensors"), "coef");
            assertThat(LeastSquares.distance(came, expected)).isLessThan(0.01);
            assertThat(LeastSquares.distance(moved, new double[2]))
                    .as("from the wrong model it would be as far off")
                    .isGreaterThan(0.1);
        }
    }

    private static Path round(Experiment experiment, int round) {
        return experiment.folder().resolve("rounds/%04d".formatted(round));
    }

    /** {@code x + mean(y_i - where it started)}, and {@code c + |S|/N mean(change)} with N = 3. */
    private static void assertSums(Experiment experiment, int round) throws IOException {
        var before = coef(round(experiment, round - 1).resolve("global.safetensors"), "coef");
        var controlBefore = round == 1
                ? new double[2]
                : coef(round(experiment, round - 1).resolve("state.safetensors"), control("control"));
        var steps = new ArrayList<double[]>();
        var changes = new ArrayList<double[]>();
        for (var outcome : experiment.summary(round).outcomes()) {
            if (outcome.reply() == null) {
                continue;
            }
            int asked = outcome.askedIn() == null ? round : outcome.askedIn();
            var start = coef(round(experiment, asked - 1).resolve("global.safetensors"), "coef");
            var file = update(experiment, round, outcome.participant());
            var trained = coef(file, "coef");
            steps.add(new double[] {trained[0] - start[0], trained[1] - start[1]});
            changes.add(coef(file, control("control_change")));
        }
        var after = coef(round(experiment, round).resolve("global.safetensors"), "coef");
        var controlAfter = coef(round(experiment, round).resolve("state.safetensors"), control("control"));
        for (int i = 0; i < 2; i++) {
            int at = i;
            double step = steps.stream().mapToDouble(s -> s[at]).average().orElseThrow();
            double change = changes.stream().mapToDouble(c -> c[at]).sum() / 3;
            assertThat(after[i]).as("round %d", round).isCloseTo(before[i] + step, within(1e-6));
            assertThat(controlAfter[i]).as("round %d", round).isCloseTo(controlBefore[i] + change, within(1e-6));
        }
    }

    private static Path update(Experiment experiment, int round, Participant participant) throws IOException {
        try (var files = Files.list(round(experiment, round).resolve("updates"))) {
            return files.filter(file -> file.getFileName().toString().startsWith(participant.node() + "__")
                            && !file.toString().contains(".rebased.")
                            && !file.toString().contains(".compressed."))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static String control(String vector) {
        return Auxiliary.name(vector, "coef");
    }

    private static double[] coef(Path file, String name) {
        try (var mapped = Safetensors.open(file)) {
            return mapped.parameters().get(name).toDoubles();
        }
    }
}
