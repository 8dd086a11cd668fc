package fedbiomed.network.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RateTest {
    private long now;
    private final Rate<String> rate = new Rate<>(60, () -> now);

    private void pass(Duration time) {
        now += time.toNanos();
    }

    @Test
    void aMinutesWorthMayComeAtOnceAndThenOneASecond() {
        for (int i = 0; i < 60; i++) {
            assertThat(rate.ask("a")).isZero();
        }
        assertThat(rate.ask("a")).isEqualTo(Duration.ofSeconds(1));
        assertThat(rate.ask("b")).as("another's bucket").isZero();
        pass(Duration.ofMillis(500));
        assertThat(rate.ask("a")).isEqualTo(Duration.ofMillis(500));
        pass(Duration.ofMillis(500));
        assertThat(rate.ask("a")).isZero();
        assertThat(rate.ask("a")).isPositive();
    }

    @Test
    void whatIsTakenBeyondTheRateIsADebt() {
        for (int i = 0; i < 60; i++) {
            assertThat(rate.take("a")).isZero();
        }
        assertThat(rate.take("a")).isEqualTo(Duration.ofSeconds(1));
        assertThat(rate.take("a")).isEqualTo(Duration.ofSeconds(2));
        pass(Duration.ofSeconds(3));
        assertThat(rate.take("a")).isZero();
    }

    @Test
    void whoHasNotComeForAWhileIsForgotten() {
        for (int i = 0; i < 1000; i++) {
            rate.ask("address " + i);
        }
        assertThat(rate.remembered()).isEqualTo(1000);
        pass(Duration.ofMinutes(2));
        rate.ask("late");
        assertThat(rate.remembered()).isEqualTo(1);
    }
}
