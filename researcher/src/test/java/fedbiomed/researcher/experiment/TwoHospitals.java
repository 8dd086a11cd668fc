package fedbiomed.researcher.experiment;

import fedbiomed.researcher.Researcher;
import fedbiomed.researcher.TestNode;
import fedbiomed.researcher.TestWorld;
import fedbiomed.researcher.strategy.Strategy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A real Network with two scripted nodes and a researcher, anew for each test. */
abstract class TwoHospitals {
    @TempDir
    Path folder;

    TestWorld world;
    Researcher researcher;
    TestNode a;
    TestNode b;

    @BeforeEach
    void begin() throws IOException, InterruptedException {
        world = new TestWorld(folder);
        a = world.node("hospital-a", 80);
        b = world.node("hospital-b", 120);
        researcher = world.researcher();
    }

    @AfterEach
    void end() {
        researcher.close();
        world.close();
    }

    /** Three rounds over both. */
    ExperimentBuilder builder(String name) {
        return Experiment.builder(researcher)
                .tags("sick")
                .plan(world.plan)
                .modelArgs(Map.of("loss", "log_loss", "learning_rate", "constant", "eta0", 0.5))
                .trainingArgs(
                        args -> args.epochs(2).batchSize(16).testRatio(0.25).testOnGlobalUpdates(true))
                .strategy(Strategy.all().deadline(Duration.ofSeconds(60)).absentAfter(Duration.ofSeconds(2)))
                .rounds(3)
                .seed(7)
                .folder(folder.resolve(name));
    }
}
