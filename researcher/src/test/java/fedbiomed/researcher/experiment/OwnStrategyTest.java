package fedbiomed.researcher.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.researcher.strategy.Selection;
import fedbiomed.researcher.strategy.Strategy;
import java.io.IOException;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** The example of docs/strategies.md, as a user would compile and run it. */
class OwnStrategyTest extends TwoHospitals {
    private static final Pattern EXAMPLE =
            Pattern.compile("```java\n(import .*?public class LeastHeard .*?)```", Pattern.DOTALL);

    private Selection compiled() throws IOException, ReflectiveOperationException {
        var guide = Files.readString(Path.of("..", "docs", "strategies.md"));
        var example = EXAMPLE.matcher(guide);
        assertThat(example.find()).as("the example is in the guide").isTrue();
        var source = Files.writeString(folder.resolve("LeastHeard.java"), example.group(1));
        int compiled = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-proc:none",
                        "-classpath",
                        System.getProperty("java.class.path"),
                        "-d",
                        folder.toString(),
                        source.toString());
        assertThat(compiled).isZero();
        try (var loader = new URLClassLoader(List.of(folder.toUri().toURL()).toArray(java.net.URL[]::new))) {
            return (Selection)
                    loader.loadClass("LeastHeard").getDeclaredConstructor().newInstance();
        }
    }

    @Test
    void aUsersOwnSelectionRunsWithTheRulesAroundIt() throws Exception {
        var own = Strategy.of(compiled()).deadline(Duration.ofMinutes(2)).retryOnce();
        var experiment = builder("own").strategy(own).rounds(3).build();
        experiment.runRound();
        experiment.runRound();

        assertThatThrownBy(() -> Experiment.resume(researcher, experiment.folder()))
                .hasMessageContaining("there is no strategy 'least_heard'");
        var resumed = Experiment.resumption(researcher, experiment.folder())
                .strategy(own)
                .open();
        resumed.run();
        for (int round = 1; round <= 3; round++) {
            assertThat(resumed.summary(round).outcomes())
                    .extracting(ParticipantOutcome::participant)
                    .containsExactly((round % 2 == 1 ? a : b).participant());
        }
    }
}
