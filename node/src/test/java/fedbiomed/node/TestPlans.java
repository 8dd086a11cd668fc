package fedbiomed.node;

import java.util.SplittableRandom;

/** Plans as researchers write them, good and bad, and a table that they fit. */
final class TestPlans {
    private TestPlans() {}

    /** Logistic regression with federated standardisation. */
    static final String GOOD = """
            import fedbiomed.training.*;
            import fedbiomed.training.linear.*;

            public class SickPlan extends SgdClassifier {
                @Override
                public TrainingData data(DatasetView dataset) {
                    return dataset.table().inputs("a", "b").standardise().target("sick").classes("no", "yes");
                }
            }
            """;

    /** A network whose first layer never leaves the node. */
    static final String LOCAL_LAYER = """
            import fedbiomed.training.torch.*;
            import fedbiomed.vocabulary.Args;

            public class LocalLayerPlan extends TorchPlan {
                @Override
                public TrainingData data(DatasetView dataset) {
                    return dataset.table().inputs("a", "b").standardise().target("sick").classes("no", "yes");
                }

                @Override
                public TorchModule model(Args args) {
                    return sequential(linear(2, 3).local(), tanh(), linear(3, 2));
                }

                @Override
                public TorchOptimizer optimizer(TorchModule model, Args args) {
                    return sgd(model, 0.1);
                }

                @Override
                public TorchTensor trainingStep(TorchModule model, Batch batch) {
                    return crossEntropy(model.forward(batch.input()), batch.target());
                }
            }
            """;

    /** {@link #GOOD}, with {@code statement} at the head of its {@code data} when it meets the node's data. */
    static String doing(String statement) {
        return GOOD.replace("        return dataset", "        " + statement + "\n        return dataset");
    }

    static String table(int rows, long seed) {
        var random = new SplittableRandom(seed);
        var csv = new StringBuilder("id,a,b,sick\n");
        for (int i = 0; i < rows; i++) {
            double a = random.nextDouble();
            double b = random.nextDouble();
            csv.append("P%03d,%.4f,%.4f,%s%n".formatted(i, 100 + 20 * a, 5 + 2 * b, a + b > 1 ? "yes" : "no"));
        }
        return csv.toString();
    }
}
