package fedbiomed.simulation;

import fedbiomed.parameters.Safetensors;
import fedbiomed.researcher.aggregator.Aggregator;
import fedbiomed.researcher.experiment.Experiment;
import fedbiomed.researcher.experiment.ExperimentBuilder;
import fedbiomed.researcher.strategy.Strategy;
import fedbiomed.vocabulary.LoaderArgs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * Three nodes with unlike rows and unlike truths: {@code y = x . truth} without noise, in two dimensions. Each node has
 * copies of its four rows, so that every batch of four has its whole gradient.
 */
final class LeastSquares {
    static final String TAG = "line";
    static final int ROWS = 4;

    private static final double[][][] INPUTS = {
        {{2, 0}, {0, 1}, {1, 1}, {1, -1}}, {{1, 0}, {0, 2}, {1, 2}, {-1, 1}}, {{1, 1}, {2, 1}, {0, 1}, {1, 0}},
    };
    private static final double[][] TRUTHS = {{3, -1}, {-2, 2}, {1, 4}};

    private static final String PLAN = """
            import fedbiomed.training.linear.*;

            public class LinePlan extends SgdRegressor {
                @Override
                public TrainingData data(DatasetView dataset) {
                    return dataset.table().inputs("a", "b").target("y");
                }
            }
            """;

    private final int[] copies;

    LeastSquares(int... copies) {
        this.copies = copies.clone();
    }

    SimulatedFederation federation(Path folder) throws IOException {
        return federation(folder, Runtime.getRuntime().availableProcessors());
    }

    /** @param parallelism how many jobs run at a time */
    SimulatedFederation federation(Path folder, int parallelism) throws IOException {
        var federation = SimulatedFederation.builder(folder.resolve("federation"))
                .parallelism(parallelism)
                .open();
        for (int node = 0; node < INPUTS.length; node++) {
            var csv = new StringBuilder("a,b,y\n");
            for (int copy = 0; copy < copies[node]; copy++) {
                for (var x : INPUTS[node]) {
                    csv.append("%s,%s,%s%n".formatted(x[0], x[1], dot(x, TRUTHS[node])));
                }
            }
            federation.addNode("node-" + node, Files.writeString(folder.resolve("node-" + node + ".csv"), csv), TAG);
        }
        return federation;
    }

    /** All rows of one node's table in a batch, in their order, {@code steps} times a round. */
    static ExperimentBuilder experiment(SimulatedFederation federation, Path folder, Aggregator aggregator, double rate)
            throws IOException {
        return Experiment.builder(federation.researcher())
                .tags(TAG)
                .plan(Files.writeString(folder.resolve("LinePlan.java"), PLAN))
                .modelArgs(Map.of(
                        "loss",
                        "squared_error",
                        "learning_rate",
                        "constant",
                        "eta0",
                        rate,
                        "alpha",
                        0,
                        "fit_intercept",
                        false))
                .trainingArgs(args -> args.loaderArgs(new LoaderArgs(ROWS, false, false)))
                .aggregator(aggregator)
                .strategy(Strategy.all().deadline(Duration.ofMinutes(5)))
                .seed(1)
                .folder(Files.createTempDirectory(folder, "experiment").resolve("it"));
    }

    /** Of all nodes' rows together: {@code (sum X'X)^-1 sum X'y}. */
    double[] optimum() {
        double[][] a = new double[2][2];
        var b = new double[2];
        for (int node = 0; node < INPUTS.length; node++) {
            for (var x : INPUTS[node]) {
                for (int i = 0; i < 2; i++) {
                    b[i] += copies[node] * x[i] * dot(x, TRUTHS[node]);
                    for (int j = 0; j < 2; j++) {
                        a[i][j] += copies[node] * x[i] * x[j];
                    }
                }
            }
        }
        double determinant = a[0][0] * a[1][1] - a[0][1] * a[1][0];
        return new double[] {
            (a[1][1] * b[0] - a[0][1] * b[1]) / determinant, (a[0][0] * b[1] - a[1][0] * b[0]) / determinant
        };
    }

    /** Of half the mean squared error over all nodes' rows. */
    double[] gradient(double[] w) {
        var gradient = new double[2];
        int rows = 0;
        for (int node = 0; node < INPUTS.length; node++) {
            for (var x : INPUTS[node]) {
                double error = dot(x, w) - dot(x, TRUTHS[node]);
                gradient[0] += copies[node] * error * x[0];
                gradient[1] += copies[node] * error * x[1];
                rows += copies[node];
            }
        }
        return new double[] {gradient[0] / rows, gradient[1] / rows};
    }

    private static double dot(double[] a, double[] b) {
        return a[0] * b[0] + a[1] * b[1];
    }

    static double[] coefficients(Path model) {
        try (var mapped = Safetensors.open(model)) {
            return mapped.parameters().get("coef").toDoubles();
        }
    }

    static double distance(double[] a, double[] b) {
        return Math.hypot(a[0] - b[0], a[1] - b[1]);
    }
}
