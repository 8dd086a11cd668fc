package fedbiomed.training.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import fedbiomed.parameters.Parameters;
import fedbiomed.parameters.Tensor;
import fedbiomed.training.Samples;
import fedbiomed.training.optimizer.FedProx;
import fedbiomed.training.optimizer.ModuleChain;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.OptimizerModule;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinearEngineTest {
    private static final Offset<Double> EXACT = within(1e-12);

    private static LinearEngine engine(Map<String, Object> args, int width, int classes) {
        var arguments = classes == 0 ? SgdArguments.REGRESSOR : SgdArguments.CLASSIFIER;
        return new LinearEngine(
                arguments.objective(new Args(args), Args.NONE, NAMES.subList(0, classes)),
                arguments.settings(new Args(args), Args.NONE),
                width,
                classes);
    }

    private static final List<String> NAMES = List.of("a", "b", "c");
    private static final Map<String, Object> PLAIN = Map.of("learning_rate", "constant", "eta0", 1, "alpha", 0);

    private static Parameters parameters(double[] coef, double... intercept) {
        return Parameters.builder()
                .put("coef", Tensor.ofDoubles(coef, intercept.length, coef.length / intercept.length))
                .put("intercept", Tensor.ofDoubles(intercept, intercept.length))
                .build();
    }

    /** {@code LogisticRegression.predict_proba} and {@code SGDClassifier(loss="modified_huber").predict_proba}. */
    @Test
    void probabilitiesOfSeveralClassesAreNormalisedAsInScikitLearn() {
        var row = new Samples(new double[] {1}, 1, new double[0]);
        var log = engine(Map.of("loss", "log_loss"), 1, 3);
        log.load(parameters(new double[] {0, 1, -1}, 0, 0, 0));
        double high = 1 / (1 + Math.exp(-1));
        double sum = 0.5 + high + (1 - high);
        assertThat(log.isProbabilistic()).isTrue();
        assertThat(log.scores(row)).containsExactly(new double[] {0.5 / sum, high / sum, (1 - high) / sum}, EXACT);
        var huber = engine(Map.of("loss", "modified_huber"), 1, 3);
        huber.load(parameters(new double[] {-2, -3, -1}, 0, 0, 0));
        assertThat(huber.scores(row)).containsExactly(new double[] {1 / 3.0, 1 / 3.0, 1 / 3.0}, EXACT);
        huber.load(parameters(new double[] {0, 5, -1}, 0, 0, 0));
        assertThat(huber.scores(row)).containsExactly(new double[] {1 / 3.0, 2 / 3.0, 0}, EXACT);
    }

    private static final Map<String, Object> MULTINOMIAL = Map.of(
            "loss", "log_loss", "multi_class", "multinomial", "learning_rate", "constant", "eta0", 1, "alpha", 0);

    /** Gradient of the cross-entropy: (softmax - one hot) x, the mean over rows; the figures by hand. */
    @Test
    void theModelsOfAMultinomialLearnTogether() {
        var engine = engine(MULTINOMIAL, 2, 3);
        engine.load(parameters(new double[] {0, 0, Math.log(2), 0, 0, 0}, 0, 0, Math.log(5)));
        var row = new Samples(new double[] {1, 2}, 2, new double[] {2});
        assertThat(engine.isProbabilistic()).isTrue();
        assertThat(engine.scores(row)).containsExactly(new double[] {1 / 8.0, 2 / 8.0, 5 / 8.0}, EXACT);
        assertThat(engine.train(row)).isCloseTo(-Math.log(5 / 8.0), EXACT);
        assertThat(engine.parameters().get("coef").toDoubles())
                .containsExactly(
                        new double[] {-1 / 8.0, -2 / 8.0, Math.log(2) - 2 / 8.0, -4 / 8.0, 3 / 8.0, 6 / 8.0}, EXACT);
        assertThat(engine.parameters().get("intercept").toDoubles())
                .containsExactly(new double[] {-1 / 8.0, -2 / 8.0, Math.log(5) + 3 / 8.0}, EXACT);

        var weighted = new HashMap<>(MULTINOMIAL);
        weighted.put("class_weight", Map.of("c", 4));
        var heavy = engine(weighted, 1, 3);
        var two = new Samples(new double[] {1, 1}, 1, new double[] {2, 0});
        assertThat(heavy.train(two)).isCloseTo(Math.log(3), EXACT);
        assertThat(heavy.parameters().get("coef").toDoubles())
                .containsExactly(new double[] {(2 - 4) / 6.0, -(1 + 4) / 6.0, (4 * 2 - 1) / 6.0}, EXACT);
    }

    @Test
    void outputsThatAreFarApartAreNoReasonToOverflow() {
        var engine = engine(MULTINOMIAL, 1, 3);
        engine.load(parameters(new double[] {5000, 0, -5000}, 0, 0, 0));
        var row = new Samples(new double[] {1}, 1, new double[] {2});
        assertThat(engine.gradient(row)).isEqualTo(10000);
        assertThat(engine.scores(row)).containsExactly(1, 0, 0);
    }

    @Test
    void aMultinomialOfTwoClassesIsTheLogisticModel() {
        var row = new Samples(new double[] {3}, 1, new double[] {1});
        var one = engine(MULTINOMIAL, 1, 2);
        var other = engine(Map.of("loss", "log_loss", "learning_rate", "constant", "eta0", 1, "alpha", 0), 1, 2);
        assertThat(one.train(row)).isEqualTo(other.train(row));
        assertThat(one.parameters()).isEqualTo(other.parameters());
    }

    @Test
    void marginsAreScoresThatKeepTheirOrderHoweverFarTheyAre() {
        var hinge = engine(Map.of(), 1, 2);
        hinge.load(parameters(new double[] {1000}, 0));
        var scores = hinge.scores(new Samples(new double[] {-1, 0, 1, 50, 51}, 1, new double[0]));
        assertThat(hinge.isProbabilistic()).isFalse();
        assertThat(scores[1]).isEqualTo(0.25);
        assertThat(scores[3]).isEqualTo(0.5);
        assertThat(scores[5]).isEqualTo(0.75);
        assertThat(scores[9]).isGreaterThan(scores[7]);
    }

    @Test
    void theGradientIsTheBatchsMean() {
        var engine = engine(PLAIN, 1, 0);
        double loss = engine.train(new Samples(new double[] {1, 3}, 1, new double[] {2, 4}));
        assertThat(loss).isEqualTo((4 + 16) / 2.0 / 2);
        assertThat(engine.parameters().get("coef").toDoubles()).containsExactly((2 + 12) / 2.0);
        assertThat(engine.parameters().get("intercept").toDoubles()).containsExactly((2 + 4) / 2.0);
    }

    /** w = 1 - eta (grad + mu (w - w_loaded)): the first step has no pull, the second all of it. */
    @Test
    void fedProxPullsTowardsWhatWasLoaded() {
        var engine = engine(Map.of("learning_rate", "constant", "eta0", 0.1, "alpha", 0), 1, 0);
        var loaded = parameters(new double[] {1}, 2);
        engine.load(loaded);
        engine.gradientHook(new FedProx(0.5, loaded));
        var batch = new Samples(new double[] {1}, 1, new double[] {0});
        engine.train(batch);
        double w1 = 1 - 0.1 * 3;
        double b1 = 2 - 0.1 * 3;
        assertThat(engine.parameters().get("coef").toDoubles()).containsExactly(new double[] {w1}, EXACT);
        engine.train(batch);
        assertThat(engine.parameters().get("coef").toDoubles())
                .containsExactly(new double[] {w1 - 0.1 * (w1 + b1 + 0.5 * (w1 - 1))}, EXACT);
        assertThat(engine.parameters().get("intercept").toDoubles())
                .containsExactly(new double[] {b1 - 0.1 * (w1 + b1 + 0.5 * (b1 - 2))}, EXACT);
    }

    /** The chain changes the gradient; the engine's own shrinking and schedule come on top. */
    @Test
    void modulesComeBeforeTheEnginesOwnPenaltyAndSchedule() {
        var args = Map.<String, Object>of(
                "learning_rate", "invscaling", "eta0", 0.1, "power_t", 0.5, "penalty", "l2", "alpha", 0.2);
        var engine = engine(args, 1, 0);
        engine.load(parameters(new double[] {1}, 2));
        engine.gradientHook(ModuleChain.of(
                List.of(
                        new OptimizerModule("clip_value", new Args(Map.of("max", 1))),
                        new OptimizerModule("momentum", new Args(Map.of("beta", 0.5)))),
                engine.parameters(),
                null));
        var batch = new Samples(new double[] {1}, 1, new double[] {0});
        // gradients of (w + b)^2 / 2 are above 1: clipped to 1, then 1 and 1.5 by momentum
        engine.train(batch);
        double w1 = 1 * (1 - 0.1 * 0.2) - 0.1;
        double b1 = 2 - 0.1;
        assertThat(engine.parameters().get("coef").toDoubles()).containsExactly(new double[] {w1}, EXACT);
        assertThat(engine.parameters().get("intercept").toDoubles()).containsExactly(new double[] {b1}, EXACT);
        engine.train(batch);
        double rate = 0.1 / Math.sqrt(2);
        assertThat(engine.parameters().get("coef").toDoubles())
                .containsExactly(new double[] {w1 * (1 - rate * 0.2) - rate * 1.5}, EXACT);
        assertThat(engine.parameters().get("intercept").toDoubles())
                .containsExactly(new double[] {b1 - rate * 1.5}, EXACT);
    }

    @Test
    void aGradientIsShownWithItsWeightsAndNoStepIsTakenWhereNoneIsAsked() {
        var engine = engine(PLAIN, 1, 3);
        engine.load(parameters(new double[] {1, 2, 3}, 4, 5, 6));
        var before = engine.parameters();
        var names = new ArrayList<String>();
        engine.gradientHook(gradients -> gradients.forEach(each -> {
            names.add(each.name());
            assertThat(each.weights().toArray(ValueLayout.JAVA_DOUBLE))
                    .isEqualTo(before.get(each.name()).toDoubles());
            each.values().fill((byte) 0);
        }));
        var batch = new Samples(new double[] {1, -1}, 1, new double[] {0, 2});
        double loss = engine.gradient(batch);
        assertThat(names).containsExactly("coef", "intercept");
        assertThat(engine.parameters()).isEqualTo(before);
        assertThat(engine.train(batch)).isEqualTo(loss);
        assertThat(engine.parameters())
                .as("the hook left nothing of the gradient")
                .isEqualTo(before);
        var withoutIntercept =
                engine(Map.of("learning_rate", "constant", "eta0", 1, "alpha", 0, "fit_intercept", false), 1, 0);
        assertThat(withoutIntercept.trained()).containsExactly("coef");
    }

    /** Steps of 1 on |w - 4|: 1, 2, 3, 4; with a penalty of 0.25 a step cut off each. */
    @Test
    void theAverageIsOfTheStepsWeightsFromTheOneThatIsNamed() {
        var args = Map.<String, Object>of(
                "loss",
                "epsilon_insensitive",
                "epsilon",
                0,
                "learning_rate",
                "constant",
                "eta0",
                1,
                "fit_intercept",
                false,
                "alpha",
                0.25);
        assertThat(averaged(args, "none", true, 4)).isEqualTo((1 + 2 + 3 + 4) / 4.0);
        assertThat(averaged(args, "none", 3, 4)).isEqualTo((3 + 4) / 2.0);
        assertThat(averaged(args, "none", 5, 4)).isEqualTo(4);
        assertThat(averaged(args, "none", false, 4)).isEqualTo(4);
        assertThat(averaged(args, "l1", true, 4)).isEqualTo((0.75 + 1.5 + 2.25 + 3) / 4.0);
    }

    private static double averaged(Map<String, Object> args, String penalty, Object average, int steps) {
        var all = new HashMap<>(args);
        all.put("penalty", penalty);
        all.put("average", average);
        var engine = engine(all, 1, 0);
        engine.load(parameters(new double[] {0}, 0));
        var row = new Samples(new double[] {1}, 1, new double[] {4});
        for (int step = 0; step < steps; step++) {
            engine.train(row);
        }
        double coef = engine.parameters().get("coef").toDoubles()[0];
        assertThat(engine.scores(row)).as("a test is of what leaves").containsExactly(coef);
        return coef;
    }

    /** Names that scikit-learn 1.9.1's estimators have ({@code SGDClassifier().get_params()}, and so on), and {@code multi_class}. */
    @ParameterizedTest
    @CsvSource({
        "SGDClassifier, alpha average class_weight epsilon eta0 fit_intercept l1_ratio learning_rate loss multi_class"
                + " n_iter_no_change penalty power_t tol, early_stopping max_iter n_jobs random_state shuffle validation_fraction verbose"
                + " warm_start",
        "SGDRegressor, alpha average epsilon eta0 fit_intercept l1_ratio learning_rate loss n_iter_no_change penalty"
                + " power_t tol, early_stopping max_iter random_state shuffle validation_fraction verbose warm_start",
        "Perceptron, alpha class_weight eta0 fit_intercept l1_ratio penalty, early_stopping max_iter n_iter_no_change"
                + " n_jobs random_state shuffle tol validation_fraction verbose warm_start",
    })
    void everyHyperParameterOfScikitLearnIsTakenOrRefusedWithItsReason(String family, String taken, String refused) {
        var arguments = switch (family) {
            case "SGDClassifier" -> SgdArguments.CLASSIFIER;
            case "SGDRegressor" -> SgdArguments.REGRESSOR;
            default -> SgdArguments.PERCEPTRON;
        };
        assertThat(arguments.known()).containsExactlyInAnyOrder(taken.split(" ", -1));
        for (var name : refused.split(" ", -1)) {
            assertThatThrownBy(() -> arguments.settings(new Args(Map.of(name, 1)), Args.NONE))
                    .hasMessageContaining("'" + name + "'")
                    .message()
                    .doesNotContain("this plan knows");
        }
    }

    private static void assertRefused(SgdArguments arguments, Map<String, Object> args, String... parts) {
        assertThatThrownBy(() -> {
                    arguments.settings(new Args(args), Args.NONE);
                    arguments.objective(new Args(args), Args.NONE, NAMES);
                })
                .isInstanceOf(FedbiomedException.class)
                .extracting(Throwable::getMessage, org.assertj.core.api.InstanceOfAssertFactories.STRING)
                .contains(parts);
    }

    @Test
    void anArgumentThatIsUnknownOrOutOfRangeIsNamed() {
        assertRefused(SgdArguments.CLASSIFIER, Map.of("eta", 1), "'eta'", "eta0");
        assertRefused(SgdArguments.CLASSIFIER, Map.of("max_iter", 5), "'max_iter'", "training_args.epochs");
        assertRefused(SgdArguments.CLASSIFIER, Map.of("eta0", -1), "eta0 must be above 0, not -1");
        assertRefused(
                SgdArguments.CLASSIFIER, Map.of("learning_rate", "pa1"), "constant, optimal, invscaling, adaptive");
        assertRefused(SgdArguments.CLASSIFIER, Map.of("penalty", "l3"), "none, l2, l1, elasticnet");
        assertRefused(SgdArguments.CLASSIFIER, Map.of("l1_ratio", 1.5), "l1_ratio must be from 0 to 1, not 1.5");
        assertRefused(SgdArguments.CLASSIFIER, Map.of("alpha", 0), "optimal", "alpha above 0");
        assertRefused(
                SgdArguments.CLASSIFIER,
                Map.of("class_weight", "balanced"),
                "no node knows",
                "rows / (classes x rows of the class)");
        assertRefused(SgdArguments.CLASSIFIER, Map.of("average", -1), "average", "not -1");
        assertRefused(SgdArguments.CLASSIFIER, Map.of("average", "yes"), "'average'", "not yes");
        assertRefused(SgdArguments.CLASSIFIER, Map.of("tol", 0.01), "tol", "'adaptive'", "'optimal'");
        assertRefused(SgdArguments.REGRESSOR, Map.of("n_iter_no_change", 3), "n_iter_no_change", "'invscaling'");
        assertRefused(SgdArguments.CLASSIFIER, Map.of("class_weight", Map.of("d", 2)), "'d'", "[a, b, c]");
        assertRefused(SgdArguments.CLASSIFIER, Map.of("class_weight", Map.of("a", "x")), "'a'", "at least 0");
        assertRefused(SgdArguments.REGRESSOR, Map.of("loss", "hinge"), "squared_error", "'hinge'");
        assertRefused(SgdArguments.PERCEPTRON, Map.of("loss", "hinge"), "'loss'", "penalty");
        assertRefused(SgdArguments.CLASSIFIER, Map.of("multi_class", "softmax"), "ovr", "multinomial", "'softmax'");
        assertRefused(SgdArguments.CLASSIFIER, Map.of("multi_class", "multinomial"), "'log_loss'", "'hinge'");
        assertRefused(SgdArguments.REGRESSOR, Map.of("multi_class", "ovr"), "'multi_class'");
        assertRefused(SgdArguments.COX, Map.of("learning_rate", "optimal"), "constant, invscaling, adaptive");
    }
}
