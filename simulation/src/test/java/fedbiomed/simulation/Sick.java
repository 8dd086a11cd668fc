package fedbiomed.simulation;

import fedbiomed.researcher.experiment.Experiment;
import fedbiomed.researcher.experiment.ExperimentBuilder;
import fedbiomed.researcher.strategy.Strategy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;

/** A table of patients who are sick where the sum of two values is large, and a linear plan that learns it. */
final class Sick {
    static final String PLAN = """
            import fedbiomed.training.linear.*;

            public class SickPlan extends SgdClassifier {
                @Override
                public TrainingData data(DatasetView dataset) {
                    return dataset.table().inputs("a", "b").standardise().target("sick").classes("no", "yes");
                }
            }
            """;

    private Sick() {}

    static Path table(Path file, int rows, long seed) throws IOException {
        var random = new SplittableRandom(seed);
        var csv = new StringBuilder("id,a,b,sick\n");
        for (int i = 0; i < rows; i++) {
            double a = random.nextDouble();
            double b = random.nextDouble();
            csv.append("P%03d,%.4f,%.4f,%s%n".formatted(i, 100 + 20 * a, 5 + 2 * b, a + b > 1 ? "yes" : "no"));
        }
        return Files.writeString(file, csv);
    }

    static Path plan(Path folder) throws IOException {
        return Files.writeString(folder.resolve("SickPlan.java"), PLAN);
    }

    /** Two rounds over all nodes, without tests. */
    static ExperimentBuilder experiment(SimulatedFederation federation, Path plan, Path folder) {
        return Experiment.builder(federation.researcher())
                .tags("sick")
                .plan(plan)
                .modelArgs(Map.of("loss", "log_loss", "learning_rate", "constant", "eta0", 0.5))
                .trainingArgs(args -> args.epochs(1).batchSize(16).testRatio(0.25))
                .strategy(Strategy.all().deadline(Duration.ofMinutes(5)).absentAfter(Duration.ofMillis(500)))
                .rounds(2)
                .seed(7)
                .folder(folder);
    }
}
