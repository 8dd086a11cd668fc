package fedbiomed.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.simulation.split.Partition;
import fedbiomed.simulation.split.TableSplit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManyNodesTest {
    private static final int ROWS_EACH = 20;

    @TempDir
    Path folder;

    @Test
    void aHundredNodesLearnTogether() throws IOException {
        learn(100, 3);
    }

    @Test
    @Tag("campaign")
    void aThousandNodesLearnTogetherForTenRounds() throws IOException {
        learn(1000, 10);
    }

    private void learn(int nodes, int rounds) throws IOException {
        var table = Sick.table(folder.resolve("sick.csv"), nodes * ROWS_EACH, 5);
        try (var federation =
                SimulatedFederation.builder(folder.resolve("simulation")).open()) {
            federation.addNodes(TableSplit.of(table, nodes).partition(Partition.dirichlet(0.5, "sick")), "sick");
            var experiment = Sick.experiment(federation, Sick.plan(folder), folder.resolve("experiment"))
                    .rounds(rounds)
                    .build();
            experiment.run();
            for (int round = 1; round <= rounds; round++) {
                assertThat(experiment.summary(round).accepted()).isEqualTo(nodes);
            }
            var test = experiment.evaluate(experiment.globalModel().file());
            assertThat(test.pooled().get("accuracy")).isGreaterThan(0.85);
            assertThat(test.pooled().get("roc_auc")).isGreaterThan(0.95);
        }
        // what travelled and what jobs wrote is gone
        try (var shared = Files.list(folder.resolve("simulation/shared"));
                var jobs = Files.list(folder.resolve("simulation/work"))) {
            assertThat(shared).isEmpty();
            assertThat(jobs.filter(job -> job.getFileName().toString().startsWith("job-")))
                    .isEmpty();
        }
    }
}
