package fedbiomed.training.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class PoolingProperties {
    private static void add(ClassificationSums sums, SplittableRandom random) {
        double a = random.nextDouble();
        double b = random.nextDouble() * (1 - a);
        sums.add(random.nextInt(3), new double[] {a, b, 1 - a - b}, 0);
    }

    @Property(tries = 200)
    void sumsOfPartsGiveTheMetricsOfTheWhole(
            @ForAll long seed, @ForAll @IntRange(max = 50) int first, @ForAll @IntRange(max = 50) int second) {
        var classes = List.of("a", "b", "c");
        var whole = new ClassificationSums(classes);
        var one = new ClassificationSums(classes);
        var two = new ClassificationSums(classes);
        var random = new SplittableRandom(seed);
        var again = new SplittableRandom(seed);
        for (int i = 0; i < first + second; i++) {
            add(whole, random);
            add(i < first ? one : two, again);
        }
        var pooled = Metrics.of(one.sums().plus(two.sums()));
        var expected = Metrics.of(whole.sums());
        assertThat(pooled.keySet()).isEqualTo(expected.keySet());
        pooled.forEach((name, value) -> assertThat(value)
                .isCloseTo(Objects.requireNonNull(expected.get(name)), within(1e-9))
                .isGreaterThanOrEqualTo(0));
    }
}
