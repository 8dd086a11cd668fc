package fedbiomed.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import fedbiomed.researcher.aggregator.Aggregator;
import fedbiomed.researcher.aggregator.FedAvg;
import fedbiomed.researcher.aggregator.FedDyn;
import fedbiomed.researcher.aggregator.FedNova;
import fedbiomed.researcher.aggregator.Scaffold;
import fedbiomed.researcher.aggregator.Weighting;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against closed forms, through the real experiment and nodes. */
class ConvergenceTest {
    private static final int STEPS = 20;
    private static final int ROUNDS = 30;
    private static final double RATE = 0.1;

    @TempDir
    Path folder;

    @Test
    void oneFullStepOfFederatedAveragingIsOneOfGradientDescent() throws IOException {
        var problem = new LeastSquares(1, 3, 2);
        try (var federation = problem.federation(folder)) {
            var experiment = LeastSquares.experiment(federation, folder, new FedAvg(), RATE)
                    .trainingArgs(args -> args.numUpdates(1).batchSize(1000))
                    .rounds(ROUNDS)
                    .retainFullHistory(true)
                    .build();
            experiment.run();
            var central = new double[2];
            double farthest = 0;
            for (int round = 1; round <= ROUNDS; round++) {
                var gradient = problem.gradient(central);
                central[0] -= RATE * gradient[0];
                central[1] -= RATE * gradient[1];
                farthest = Math.max(
                        farthest, distance(experiment.globalModel(round).file(), central));
            }
            System.out.printf("FedAvg with one full-batch step beside gradient descent: %.1e apart%n", farthest);
            assertThat(farthest).isLessThan(1e-6);
        }
    }

    private static double distance(Path model, double[] point) {
        return LeastSquares.distance(LeastSquares.coefficients(model), point);
    }

    /** Twenty local steps; the figures without our code, by NumPy: FedAvg 0.6699, SCAFFOLD below 1e-5, FedDyn below 1e-6. */
    @Test
    void manyLocalStepsStallUnlessTheirDriftIsTakenOut() throws IOException {
        var problem = new LeastSquares(1, 1, 1);
        try (var federation = problem.federation(folder)) {
            assertThat(afterManySteps(federation, problem, new FedAvg())).isCloseTo(0.6699, within(1e-3));
            assertThat(afterManySteps(federation, problem, new Scaffold())).isLessThan(1e-4);
            assertThat(afterManySteps(federation, problem, new Scaffold(1, 1, Weighting.UNIFORM)))
                    .isLessThan(1e-4);
            assertThat(afterManySteps(federation, problem, new FedDyn(1))).isLessThan(1e-4);
        }
    }

    private double afterManySteps(SimulatedFederation federation, LeastSquares problem, Aggregator aggregator)
            throws IOException {
        var experiment = LeastSquares.experiment(federation, folder, aggregator, RATE)
                .trainingArgs(args -> args.numUpdates(STEPS))
                .rounds(ROUNDS)
                .build();
        experiment.run();
        double distance = distance(experiment.globalModel().file(), problem.optimum());
        System.out.printf(
                "%s %s, %d rounds of %d steps: %.1e from the optimum%n",
                aggregator.name(), aggregator.arguments().values(), ROUNDS, STEPS, distance);
        return distance;
    }

    /** 2, 10 and 4 steps a round; what is left of FedNova's distance is the drift of a finite step size. */
    @Test
    void fedNovaTakesOutTheBiasOfUnequalSteps() throws IOException {
        var problem = new LeastSquares(2, 10, 4);
        try (var federation = problem.federation(folder)) {
            var distances = new double[2];
            int i = 0;
            for (var aggregator : new Aggregator[] {new FedAvg(), new FedNova()}) {
                var experiment = LeastSquares.experiment(federation, folder, aggregator, 0.04)
                        .trainingArgs(args -> args.epochs(1))
                        .rounds(60)
                        .build();
                experiment.run();
                distances[i] = distance(experiment.globalModel().file(), problem.optimum());
                System.out.printf(
                        "%s, 2, 10 and 4 steps a round: %.3f from the optimum%n", aggregator.name(), distances[i++]);
            }
            assertThat(distances[0]).isGreaterThan(1);
            assertThat(distances[1]).isLessThan(0.1);
        }
    }
}
