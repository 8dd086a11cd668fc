package fedbiomed.researcher.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RoundsBarTest {
    @Test
    void aBarTellsHowFarItIsAndHowLongItTakes() {
        assertThat(RoundsBar.text(80, 3, 0, 12, Duration.ofSeconds(60), "loss 0.1000 at hospital-a"))
                .isEqualTo("Rounds  25% [==       ] 3/12 (0:01:00, 0:03:00 left)  loss 0.1000 at hospital-a");
    }

    @Test
    void whatIsLeftIsReckonedFromTheRoundsOfThisRun() {
        assertThat(RoundsBar.text(120, 6, 5, 10, Duration.ofSeconds(10), "")).contains("6/10 (0:00:10, 0:00:40 left)");
        assertThat(RoundsBar.text(120, 5, 5, 10, Duration.ofSeconds(10), "")).contains("5/10 (0:00:10)");
    }

    @Test
    void itNeverFillsTheTerminal() {
        for (int columns : new int[] {40, 80, 120, 200}) {
            assertThat(RoundsBar.text(columns, 999, 0, 1000, Duration.ofHours(30), "loss 0.1000 at " + "h".repeat(63)))
                    .hasSizeLessThan(columns);
        }
    }

    @Test
    void otherLinesGoAboveIt() {
        var bytes = new ByteArrayOutputStream();
        try (var line = new StatusLine(new PrintStream(bytes, true, StandardCharsets.UTF_8))) {
            line.show("bar 1");
            line.printAbove("news");
            line.show("bar 2");
        }
        var clear = "\r\u001b[K";
        assertThat(bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n"))
                .isEqualTo(clear + "bar 1" + clear + "news\n" + clear + "bar 1" + clear + "bar 2\n");
    }
}
