package fedbiomed.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ctrl-C ends the demo at any moment, and leaves nothing behind. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class DemoInterruptionTest {
    private static final int LONGEST_MILLIS = 40_000;

    @TempDir
    Path folder;

    @BeforeAll
    static void thereAreProcessGroups() {
        assumeThat(Path.of("/usr/bin/setsid"))
                .as("setsid (util-linux) is not installed")
                .isExecutable();
    }

    @ParameterizedTest
    @CsvSource({
        // moment, what it says then, rounds, how many processes there are at least
        "start-up, Enrolling three hospitals, 2, 2",
        "training, Round 2 of 200: 3 of 3 answered, 200, 8",
        "near the end, Testing the five models, 1, 5"
    })
    void ctrlCLeavesNoProcessAndNoHalfFile(String moment, String line, int rounds, int processes) throws Exception {
        try (var demo = new InterruptedDemo(folder, rounds)) {
            demo.awaitSaid(line);
            assertThat(demo.processes()).as(moment).hasSizeGreaterThanOrEqualTo(processes);
            demo.pressCtrlC();
            demo.assertEnded();
        }
    }

    @Tag("campaign")
    @RepeatedTest(30)
    void soDoesCtrlCAtAnyOtherMoment() throws Exception {
        try (var demo = new InterruptedDemo(folder, 10)) {
            demo.awaitSaid("Splitting the patients");
            Thread.sleep(new Random().nextInt(LONGEST_MILLIS));
            demo.pressCtrlC();
            demo.assertEnded();
        }
    }
}
