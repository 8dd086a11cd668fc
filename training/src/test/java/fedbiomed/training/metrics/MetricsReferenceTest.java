package fedbiomed.training.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.EvaluationSums;
import fedbiomed.vocabulary.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every metric with every argument, compared with scikit-learn 1.9.1. {@code src/test/python/metrics_reference.py} made
 * the files.
 */
class MetricsReferenceTest {
    /** @param label under which the metric is told */
    record Case(String rows, String metric, Args args, String label, double expected) {
        static Case of(String line) {
            var parts = line.split(";", -1);
            try {
                var args = Json.MAPPER.readValue(parts[2], Args.class);
                return new Case(parts[0], parts[1], args, parts[3], Double.parseDouble(parts[4]));
            } catch (JsonProcessingException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    static Stream<Case> cases() {
        return lines("metrics.csv").map(Case::of);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void metricsOfTwoNodesRowsAreScikitLearnsOfAllRows(Case expected) {
        var told = MetricChoice.unchecked(List.of(expected.metric()), expected.args())
                .of(sums(expected.rows()));
        assertThat(told).containsKey(expected.label());
        assertThat(told.get(expected.label())).isCloseTo(expected.expected(), within(1e-9));
    }

    /** The first third at one node, the rest at another. */
    private static EvaluationSums sums(String rows) {
        return switch (rows) {
            case "two" -> both(scores(rows), part -> classification(part, List.of("no", "yes")));
            case "four", "missing" -> both(scores(rows), part -> classification(part, List.of("a", "b", "c", "d")));
            case "image" -> both(read("images.csv", rows), MetricsReferenceTest::segmentation);
            default -> both(read("values.csv", rows), MetricsReferenceTest::regression);
        };
    }

    private interface Summing {
        EvaluationSums of(List<double[]> rows);
    }

    private static EvaluationSums both(List<double[]> rows, Summing summing) {
        int third = rows.size() / 3;
        return summing.of(rows.subList(0, third)).plus(summing.of(rows.subList(third, rows.size())));
    }

    private static List<double[]> scores(String rows) {
        return read("scores.csv", rows);
    }

    private static EvaluationSums classification(List<double[]> rows, List<String> classes) {
        var sums = new ClassificationSums(classes);
        rows.forEach(row -> sums.add((int) row[0], row, 1));
        return sums.sums();
    }

    private static EvaluationSums regression(List<double[]> rows) {
        var sums = new RegressionSums();
        rows.forEach(row -> sums.add(row[0], row[1]));
        return sums.sums();
    }

    private static EvaluationSums segmentation(List<double[]> rows) {
        var sums = new SegmentationSums(List.of("a", "b", "c", "d"));
        sums.add(
                rows.stream().mapToInt(row -> (int) row[0]).toArray(),
                rows.stream().mapToInt(row -> (int) row[1]).toArray());
        return sums.sums();
    }

    private static List<double[]> read(String file, String rows) {
        var read = new ArrayList<double[]>();
        lines(file)
                .filter(line -> line.startsWith(rows + ","))
                .forEach(line ->
                        read.add(Arrays.stream(line.substring(rows.length() + 1).split(",", -1))
                                .mapToDouble(Double::parseDouble)
                                .toArray()));
        return read;
    }

    private static Stream<String> lines(String file) {
        try (var in = Objects.requireNonNull(MetricsReferenceTest.class.getResourceAsStream(file), file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
