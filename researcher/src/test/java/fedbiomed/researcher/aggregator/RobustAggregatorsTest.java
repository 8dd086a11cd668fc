package fedbiomed.researcher.aggregator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RobustAggregatorsTest {
    private static final int HONEST = 8;
    private static final int HOSTILE = 2;
    private static final int SIZE = 200_000;

    @TempDir
    private Path folder;

    private double[] fold(Aggregator aggregator, double[]... updates) {
        return new Rounds(folder, aggregator, updates.length, new double[updates[0].length]).fold(updates);
    }

    @Test
    void theMedianIsTheMiddleOneOrTheMeanOfTheMiddleTwo() {
        assertThat(fold(new CoordinateMedian(), new double[] {1, 9}, new double[] {5, 2}, new double[] {100, 3}))
                .containsExactly(5, 3);
        assertThat(fold(new CoordinateMedian(), new double[] {1}, new double[] {5}, new double[] {7}, new double[] {9}))
                .containsExactly(6);
        assertThat(fold(new CoordinateMedian(), new double[] {1})).containsExactly(1);
        assertThat(fold(new CoordinateMedian(), new double[] {1}, new double[] {2}))
                .containsExactly(1.5);
    }

    @Test
    void theTrimmedMeanLeavesOutTheEnds() {
        assertThat(fold(
                        new TrimmedMean(0.2),
                        new double[] {-1000},
                        new double[] {2},
                        new double[] {1},
                        new double[] {3},
                        new double[] {1000}))
                .containsExactly(2);
        assertThatThrownBy(() -> fold(new TrimmedMean(0.4), new double[] {1}, new double[] {2}))
                .hasMessageContaining("which leaves none");
    }

    /** The point with the smallest sum of distances to a triangle's corners sees each two at 120 degrees (Fermat). */
    @Test
    void theGeometricMedianOfATriangleIsFermatsPoint() {
        var corners = new double[][] {{0, 0}, {4, 0}, {1, 3}};
        var point = fold(new GeometricMedian(10_000, 1e-9, Weighting.UNIFORM), corners);
        for (int c = 0; c < 3; c++) {
            var a = corners[c];
            var b = corners[(c + 1) % 3];
            double angle = Math.abs(
                    Math.atan2(a[1] - point[1], a[0] - point[0]) - Math.atan2(b[1] - point[1], b[0] - point[0]));
            assertThat(Math.min(angle, 2 * Math.PI - angle)).isCloseTo(2 * Math.PI / 3, within(1e-4));
        }
    }

    @Test
    void krumTakesTheOneAmongNeighbours() {
        var updates = new double[][] {{0}, {1}, {1.1}, {0.9}, {50}};
        // squared distances to the two nearest others: 1 has 0.01 + 0.01
        assertThat(fold(Krum.krum(1), updates)).containsExactly(1);
        assertThat(fold(new Krum(1, 3), updates)).containsExactly(new double[] {1}, within(1e-12));
        assertThatThrownBy(() -> fold(Krum.krum(2), updates)).hasMessageContaining("needs at least 7 updates");
        assertThatThrownBy(() -> fold(new Krum(1, 5), updates)).hasMessageContaining("is to keep 5 of 5");
    }

    @Test
    void longChangesAreShortened() {
        assertThat(fold(new NormClipping(5, Weighting.UNIFORM), new double[] {30, 40}, new double[] {0, 1}))
                .containsExactly(new double[] {1.5, 2.5}, within(1e-12));
    }

    private enum Attack {
        SIGN_FLIP {
            @Override
            double value(double honest, SplittableRandom random) {
                return -honest;
            }
        },
        SCALE {
            @Override
            double value(double honest, SplittableRandom random) {
                return 100 * honest;
            }
        },
        NOISE {
            @Override
            double value(double honest, SplittableRandom random) {
                return random.nextGaussian(0, 100);
            }
        };

        abstract double value(double honest, SplittableRandom random);
    }

    /** A fifth is hostile. The bound is that of honest updates among each other: no robust mean can promise more. */
    @ParameterizedTest
    @EnumSource
    void aFifthOfHostileParticipantsDoesNotCarryTheModelAway(Attack attack) {
        var random = new SplittableRandom(3);
        var truth = random.doubles(SIZE, -1, 1).toArray();
        var updates = new double[HONEST + HOSTILE][SIZE];
        double spread = 0;
        for (int u = 0; u < updates.length; u++) {
            for (int i = 0; i < SIZE; i++) {
                double honest = truth[i] + random.nextGaussian(0, 0.1);
                updates[u][i] = u < HONEST ? honest : attack.value(honest, random);
            }
            spread = u < HONEST ? Math.max(spread, distance(updates[u], truth)) : spread;
        }
        var mean = fold(new FedAvg(), updates);
        for (var robust : List.of(
                new CoordinateMedian(),
                new TrimmedMean(0.2),
                new GeometricMedian(),
                Krum.krum(HOSTILE),
                Krum.multiKrum(HOSTILE))) {
            double distance = distance(fold(robust, updates), truth);
            System.out.printf(
                    "%s, %s: %.3f from the truth; honest ones up to %.3f, the plain mean %.3f%n",
                    attack, robust.name(), distance, spread, distance(mean, truth));
            assertThat(distance).as(robust.name()).isLessThanOrEqualTo(spread);
        }
        assertThat(distance(mean, truth)).isGreaterThan(spread);
    }

    private static double distance(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }
        return Math.sqrt(sum);
    }

    @Test
    void twiceTheSameFilesGiveTheSameBytes() throws IOException {
        var random = new SplittableRandom(4);
        var updates = new double[7][SIZE];
        for (var update : updates) {
            for (int i = 0; i < SIZE; i++) {
                update[i] = random.nextGaussian();
            }
        }
        for (var aggregator : List.of(
                new FedAvg(),
                new CoordinateMedian(),
                new TrimmedMean(0.2),
                new GeometricMedian(),
                Krum.multiKrum(2),
                new NormClipping(1, Weighting.SAMPLES),
                new FedNova(),
                AdaptiveFedOpt.fedYogi(0.1))) {
            var rounds = new Rounds(folder, aggregator, 7, new double[SIZE]);
            rounds.fold(updates);
            var first = Files.readAllBytes(rounds.global(1));
            for (int again = 0; again < 3; again++) {
                var others = new Rounds(folder, aggregator, 7, new double[SIZE]);
                others.fold(updates);
                assertThat(Files.readAllBytes(others.global(1)))
                        .as(aggregator.name())
                        .isEqualTo(first);
            }
        }
    }
}
