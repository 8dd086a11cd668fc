package fedbiomed.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.researcher.aggregator.Aggregator;
import fedbiomed.researcher.aggregator.FedAvg;
import fedbiomed.researcher.aggregator.FedAvgM;
import fedbiomed.researcher.aggregator.Scaffold;
import fedbiomed.researcher.experiment.Experiment;
import fedbiomed.researcher.experiment.NamedArgs;
import fedbiomed.vocabulary.Args;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Experiments that go on from an earlier round of another, and experiments that are done once more. */
class BranchTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void anUnchangedBranchComesToTheSameBytesUnderARunIdOfItsOwn(int from) throws IOException {
        try (var federation = new LeastSquares(1, 2, 3).federation(folder)) {
            // its control variates lie at the nodes, and are those of the round that is branched from
            var whole = experiment(federation, new Scaffold(), 3);
            whole.run();
            var branch = Experiment.branch(federation.researcher(), whole.folder(), from)
                    .open();
            assertThat(branch.finishedRounds()).isEqualTo(from);
            assertThat(branch.folder().getFileName()).hasToString("it-from-000" + from);
            branch.run();
            for (int round = 0; round <= 3; round++) {
                assertThat(branch.globalModel(round).file())
                        .hasSameBinaryContentAs(whole.globalModel(round).file());
            }
            var begun = Objects.requireNonNull(branch.arguments().begun());
            var before = Objects.requireNonNull(whole.arguments().begun());
            assertThat(begun.runId()).isNotEqualTo(before.runId());
            assertThat(Objects.requireNonNull(begun.origin()).runId()).isEqualTo(before.runId());
            assertThat(branch.info().toString()).contains("goes on from round " + from + " of the run ");
            assertThat(branch.report()).content().contains("goes on from round " + from);
            var askedBefore = whole.replies(3).getFirst().request();
            assertThat(branch.replies(3).getFirst().request()).isNotEqualTo(askedBefore);
        }
    }

    @Test
    void aBranchMayHaveOtherArgumentsAndTheFirstExperimentStaysAsItIs() throws IOException {
        try (var federation = new LeastSquares(1, 2, 3).federation(folder)) {
            var first = experiment(federation, new FedAvgM(), 3);
            first.run();
            var model = Files.readAllBytes(first.globalModel(3).file());
            var branch = Experiment.branch(federation.researcher(), first.folder(), 2)
                    .aggregator(new FedAvg())
                    .changes(file -> file.withRounds(4)
                            .withTrainingArgs(file.trainingArgs().toBuilder()
                                    .numUpdates(9)
                                    .build()))
                    .folder(folder.resolve("other"))
                    .open();
            branch.run();
            assertThat(branch.finishedRounds()).isEqualTo(4);
            assertThat(updates(branch, 2)).isEqualTo(5);
            assertThat(updates(branch, 3)).isEqualTo(9);
            assertThat(branch.arguments().aggregator().name()).isEqualTo("fedavg");
            assertThat(first.globalModel(3).file()).hasBinaryContent(model);
            assertThat(branch.globalModel(2).file())
                    .hasSameBinaryContentAs(first.globalModel(2).file());
            // resumed, it is still the branch
            Experiment.resume(federation.researcher(), branch.folder()).run();
        }
    }

    @Test
    void whatCannotBeBranchedSaysWhy() throws IOException {
        try (var federation = new LeastSquares(1, 2, 3).federation(folder)) {
            var first = experiment(federation, new FedAvg(), 1);
            first.run();
            var researcher = federation.researcher();
            assertThatThrownBy(() ->
                            Experiment.branch(researcher, first.folder(), 2).open())
                    .hasMessageContaining("there is no round 2")
                    .hasMessageContaining("0 (the initial model) to 1");
            assertThatThrownBy(() -> Experiment.branch(researcher, first.folder(), 1)
                            .changes(file -> file.withSeed(7))
                            .open())
                    .hasMessageContaining("these must stay held out");
            assertThatThrownBy(() -> Experiment.branch(researcher, first.folder(), 1)
                            .changes(file -> file.withAggregator(new NamedArgs("fedavgg", Args.NONE)))
                            .open())
                    .hasMessageContaining("there is no aggregator 'fedavgg'");
            assertThatThrownBy(() -> Experiment.branch(researcher, first.folder(), 1)
                            .folder(first.folder())
                            .open())
                    .hasMessageContaining("holds an experiment already");
        }
    }

    @Test
    void aReproductionTrainsAgainAndSaysThatTheBytesAgree() throws IOException {
        try (var federation = new LeastSquares(1, 2, 3).federation(folder)) {
            var first = experiment(federation, new Scaffold(), 2);
            first.run();
            first.trainingArgs(args -> args.numUpdates(3)).rounds(3).run();
            var outcome = Experiment.reproduction(federation.researcher(), first.folder())
                    .run();
            assertThat(outcome.rounds()).isEqualTo(3);
            assertThat(outcome.differing()).isEmpty();
            assertThat(outcome.agrees()).isTrue();
            var again = Experiment.resume(federation.researcher(), outcome.folder(), file -> file, Duration.ZERO);
            assertThat(updates(again, 3)).isEqualTo(3);
            assertThat(again.replies(1).getFirst().request())
                    .isNotEqualTo(first.replies(1).getFirst().request());
        }
    }

    @Test
    void aReproductionNamesTheRoundThatDiffers() throws IOException {
        try (var federation = new LeastSquares(1, 2, 3).federation(folder)) {
            var first = experiment(federation, new FedAvg(), 2);
            first.run();
            federation.nodes().iterator().next().behaviour(Behaviour.hostile(UpdateTransformation.scale(2)));
            var outcome = Experiment.reproduction(federation.researcher(), first.folder())
                    .folder(folder.resolve("again"))
                    .run();
            assertThat(outcome.agrees()).isFalse();
            assertThat(outcome.differing()).containsOnlyKeys(1, 2);
            assertThat(outcome.differing().get(1)).isPositive();
        }
    }

    private static long updates(Experiment experiment, int round) {
        return Objects.requireNonNull(experiment.replies(round).getFirst().reply())
                .updates();
    }

    private Experiment experiment(SimulatedFederation federation, Aggregator aggregator, int rounds)
            throws IOException {
        return LeastSquares.experiment(federation, folder, aggregator, 0.05)
                .trainingArgs(args -> args.numUpdates(5))
                .rounds(rounds)
                .build();
    }
}
