package fedbiomed.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.researcher.Datasets;
import fedbiomed.researcher.notebook.Display;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a notebook shows of a real experiment. */
class DisplayTest {
    @TempDir
    Path folder;

    @Test
    void datasetsRoundsTestsAndCurvesAreShown() throws IOException {
        try (var federation =
                SimulatedFederation.builder(folder.resolve("simulation")).open()) {
            for (var name : new String[] {"hospital-a", "hospital-b"}) {
                federation.addNode(name, Sick.table(folder.resolve(name + ".csv"), 60, name.hashCode()), "sick");
            }
            var datasets = Display.of(federation.researcher().datasets("sick"));
            assertThat(datasets.type()).isEqualTo("text/html");
            assertThat(datasets.content()).contains("<table>", "hospital-b", ">60<");
            assertThat(Display.of(new Datasets(List.of(), List.of("<b>"))).content())
                    .contains("<p>&lt;b&gt;</p>");

            var experiment = Sick.experiment(federation, Sick.plan(folder), folder.resolve("experiment"))
                    .trainingArgs(args -> args.testOnGlobalUpdates(true))
                    .build();
            experiment.run();
            assertThat(Display.of(experiment.summary(2)).content()).contains("Round 2: 2 of 2 answered", ">45<");
            assertThat(Display.rounds(experiment).content())
                    .contains("log loss")
                    .satisfies(table -> assertThat(Pattern.compile("<tr>")
                                    .matcher(table)
                                    .results()
                                    .count())
                            .isEqualTo(3));
            assertThat(Display.of(experiment.finalTest().orElseThrow()).content())
                    .contains("<tr class=\"total\"><td>all together</td><td class=\"number\">30</td>");

            var curve = Display.curve(experiment, "log_loss");
            assertThat(curve.type()).isEqualTo("image/svg+xml");
            // before both rounds, and in the end
            assertThat(curve.content())
                    .contains(">log loss<", ">fedavg<")
                    .containsPattern("d=\"M\\S+ \\S+L\\S+ \\S+L\\S+ \\S+\"");
            assertThat(Display.curve(experiment, "loss").content()).contains(">loss<");
            assertThatThrownBy(() -> Display.curve(experiment, "dice"))
                    .hasMessageContaining("'dice'")
                    .hasMessageContaining("log_loss");
        }
    }
}
