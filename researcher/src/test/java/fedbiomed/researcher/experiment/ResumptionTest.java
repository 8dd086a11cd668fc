package fedbiomed.researcher.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.researcher.Researcher;
import fedbiomed.researcher.TestWorld;
import fedbiomed.researcher.aggregator.FedAvg;
import fedbiomed.researcher.strategy.Strategy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Going on with an experiment whose aggregator no name leads to. */
class ResumptionTest {
    @TempDir
    private Path folder;

    private TestWorld world;
    private Researcher researcher;

    @BeforeEach
    void aHospital() throws IOException, InterruptedException {
        world = new TestWorld(folder);
        world.node("hospital-a", 80);
        researcher = world.researcher();
    }

    @AfterEach
    void end() {
        researcher.close();
        world.close();
    }

    private Experiment begun(String name) {
        return Experiment.builder(researcher)
                .tags("sick")
                .plan(world.plan)
                .modelArgs(Map.of("loss", "log_loss", "learning_rate", "constant", "eta0", 0.5))
                .trainingArgs(args -> args.epochs(2).batchSize(16))
                .aggregator(new Damped(0.5))
                .rounds(3)
                .seed(7)
                .folder(folder.resolve(name))
                .build();
    }

    @Test
    void anOwnAggregatorGoesOnWithItsArgumentsAndItsState() throws IOException {
        var whole = begun("whole");
        whole.run();

        var broken = begun("broken").folder();
        Experiment.resumption(researcher, broken)
                .aggregator(new Damped(0.5))
                .open()
                .runRound();
        assertThatThrownBy(() -> Experiment.resume(researcher, broken))
                .hasMessageContaining("there is no aggregator 'damped'; there is: fedadagrad, fedadam, fedavg, ")
                .hasMessageContaining("to the experiment's builder or resumption");
        assertThatThrownBy(() -> Experiment.resumption(researcher, broken)
                        .aggregator(new Damped(0.9))
                        .open())
                .hasMessageContaining("was begun with the aggregator 'damped' {factor=0.5}")
                .hasMessageContaining("is to go on with 'damped' {factor=0.9}");
        assertThatThrownBy(() -> Experiment.resumption(researcher, broken)
                        .aggregator(new FedAvg())
                        .open())
                .hasMessageContaining("is to go on with 'fedavg'; give it the same again");

        var resumed = Experiment.resumption(researcher, broken)
                .aggregator(new Damped(0.5))
                .open();
        assertThat(resumed.finishedRounds()).isEqualTo(1);
        resumed.run();
        assertThat(Files.readAllBytes(resumed.globalModel().file()))
                .isEqualTo(Files.readAllBytes(whole.globalModel().file()));
        assertThat(Files.readString(broken.resolve("rounds/0003/state.json")))
                .contains("\"factor\":0.5", "\"rounds\":3");
    }

    @Test
    void anotherStrategyIsTakenOverAndKept() {
        var broken = begun("broken").folder();
        Experiment.resumption(researcher, broken)
                .aggregator(new Damped(0.5))
                .strategy(Strategy.all().quorum(1).deadline(Duration.ofMinutes(7)))
                .changes(file -> file.withRounds(1))
                .open()
                .run();
        var again = Experiment.resumption(researcher, broken)
                .aggregator(new Damped(0.5))
                .open();
        assertThat(again.arguments().rounds()).isEqualTo(1);
        assertThat(again.arguments().strategy().args().values())
                .containsEntry("quorum", 1)
                .containsEntry("deadline", "7m");
    }
}
