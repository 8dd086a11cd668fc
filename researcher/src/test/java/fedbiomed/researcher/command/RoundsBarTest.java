package fedbiomed.researcher.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RoundsBarTest {
    @Test
    void aBarTellsHowFarItIsAndHowLongItTakes() {
        assertThat(RoundsBar.text(60, 3, 0, 12, Duration.ofSeconds(60)))
                .isEqualTo("Rounds  25% [====            ] 3/12 (0:01:00, 0:03:00 left)");
    }

    @Test
    void whatIsLeftIsReckonedFromTheRoundsOfThisRun() {
        assertThat(RoundsBar.text(120, 6, 5, 10, Duration.ofSeconds(10))).contains("6/10 (0:00:10, 0:00:40 left)");
        assertThat(RoundsBar.text(120, 5, 5, 10, Duration.ofSeconds(10))).contains("5/10 (0:00:10)");
    }

    @Test
    void itNeverFillsTheTerminal() {
        for (int columns : new int[] {40, 80, 120, 200}) {
            assertThat(RoundsBar.text(columns, 999, 0, 1000, Duration.ofHours(30)))
                    .hasSizeLessThan(columns);
        }
    }
}
