package fedbiomed.training.linear;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import fedbiomed.training.Samples;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Batches of one row, compared with scikit-learn 1.9.1: every loss with every penalty and every learning rate, each
 * class's defaults, class weights, averages, no intercept. {@code src/test/python/linear_reference.py} made the files.
 */
class SgdReferenceTest {
    private static final double RELATIVE = 1e-6;
    private static final double[][] ROWS =
            lines("rows.csv").map(SgdReferenceTest::row).toArray(double[][]::new);
    private static final int WIDTH = 4;

    /** @param epochs passes over the rows; @param numbers coefficients, then intercepts */
    record Case(String family, String target, int epochs, Args args, List<Double> numbers) {
        static Case of(String line) {
            var parts = line.split(";", -1);
            try {
                return new Case(
                        parts[0],
                        parts[1],
                        Integer.parseInt(parts[2]),
                        Json.MAPPER.readValue(parts[3], Args.class),
                        Arrays.stream(parts[4].split(" ", -1))
                                .map(Double::valueOf)
                                .toList());
            } catch (JsonProcessingException e) {
                throw new UncheckedIOException(e);
            }
        }

        List<String> classes() {
            return switch (target) {
                case "two" -> List.of("0", "1");
                case "three" -> List.of("0", "1", "2");
                default -> List.of();
            };
        }

        SgdArguments arguments() {
            return switch (family) {
                case "classifier" -> SgdArguments.CLASSIFIER;
                case "regressor" -> SgdArguments.REGRESSOR;
                default -> SgdArguments.PERCEPTRON;
            };
        }

        int column() {
            return WIDTH + List.of("two", "three", "value").indexOf(target);
        }
    }

    static Stream<Case> cases() {
        return lines("sgd.csv").map(Case::of);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void singleRowsMakeScikitLearnsSteps(Case expected) {
        var arguments = expected.arguments();
        var engine = new LinearEngine(
                arguments.objective(expected.args(), Args.NONE, expected.classes()),
                arguments.settings(expected.args(), Args.NONE),
                WIDTH,
                expected.classes().size());
        for (int epoch = 0; epoch < expected.epochs(); epoch++) {
            for (var row : ROWS) {
                engine.train(new Samples(Arrays.copyOf(row, WIDTH), WIDTH, new double[] {row[expected.column()]}));
            }
            engine.epochEnded();
        }
        var learnt = engine.parameters();
        var numbers = DoubleStream.concat(
                        DoubleStream.of(learnt.get("coef").toDoubles()),
                        DoubleStream.of(learnt.get("intercept").toDoubles()))
                .toArray();
        assertThat(numbers).hasSize(expected.numbers().size());
        for (int i = 0; i < numbers.length; i++) {
            double value = expected.numbers().get(i);
            assertThat(Math.abs(numbers[i] - value)).isLessThanOrEqualTo(RELATIVE * Math.max(1e-6, Math.abs(value)));
        }
    }

    private static double[] row(String line) {
        return Arrays.stream(line.split(",", -1))
                .mapToDouble(Double::parseDouble)
                .toArray();
    }

    static Stream<String> lines(String file) {
        try (var in = Objects.requireNonNull(SgdReferenceTest.class.getResourceAsStream(file), file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
