package fedbiomed.node.command;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.protocol.command.Dialogue;
import fedbiomed.protocol.command.FedbiomedCommandLine;
import fedbiomed.vocabulary.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code dataset add}: asked at a terminal, and several by a file. */
class DatasetAddCommandTest extends TypedNodeCommands {
    private String asked = "";

    /** What a data manager answers, line by line. */
    private int answering(String answers, String... arguments) {
        var questions = new StringWriter();
        var dialogue = new Dialogue(new BufferedReader(new StringReader(answers)), new PrintWriter(questions));
        var outText = new StringWriter();
        var errText = new StringWriter();
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--home", home.toString()));
        int exit = FedbiomedCommandLine.of(new DatasetAddCommand(dialogue))
                .setOut(new PrintWriter(outText))
                .setErr(new PrintWriter(errText))
                .execute(all.toArray(String[]::new));
        asked = questions.toString();
        out = outText.toString();
        err = errText.toString();
        return exit;
    }

    private int shared() throws IOException {
        assertThat(runAtHome("dataset", "list", "--json")).isZero();
        return Json.MAPPER.readTree(out).size();
    }

    @Test
    void whatIsLeftOutIsAskedAndTheDatasetIsShownBeforeItIsShared() throws IOException {
        int exit = answering("nowhere.csv\n" + csv + "\n\n\nheart, two words\nheart, demo\n\ny\n");
        assertThat(exit).as(err + asked).isZero();
        assertThat(asked)
                .contains("there is no such file or folder", "It looks like 'csv': a table in a CSV or TSV file")
                .contains("Name, by which people call it [patients]", "without spaces, not 'two words'")
                .contains("Researchers whom this node trusts will see this:", "Share it? [y/N]")
                .contains("tags         demo, heart")
                .containsPattern("age +integer +0");
        assertThat(out).containsPattern("^Shared as patients-[0-9a-f]{4}\\.\\R$");
        assertThat(shared()).isEqualTo(1);
    }

    @Test
    void withoutAYesNothingIsShared() throws IOException {
        assertThat(answering("\n\nheart\n\n\n", csv.toString())).isEqualTo(1);
        assertThat(err).contains("not shared; nothing was changed");
        assertThat(answering("\n", csv.toString())).as("the end of the answers").isEqualTo(1);
        assertThat(err).contains("there was no answer; nothing was done");
        assertThat(shared()).isZero();
        assertThat(answering("heart\n\n\n", csv.toString(), "--kind", "csv", "--name", "Heart"))
                .as("nothing that must be there was left out")
                .isZero();
        assertThat(answering("\n\n\n\n", csv.toString(), "--yes"))
                .as(err + asked)
                .isZero();
        assertThat(asked).doesNotContain("Share it?");
        assertThat(shared()).isEqualTo(2);
    }

    @Test
    void whereNobodyCanBeAskedNothingIsWaitedFor() {
        assertThat(runAtHome("dataset", "add")).isEqualTo(2);
        assertThat(err).contains("missing: PATH and --name=NAME (at a terminal they are asked for)");
        assertThat(runAtHome("dataset", "add", csv.toString())).isEqualTo(2);
        assertThat(err).contains("missing: --name=NAME");
    }

    @Test
    void aFileListsSeveralOfWhichAllOrNoneAreShared() throws IOException {
        Files.writeString(folder.resolve("lungs.csv"), "a,b\n1,2\n3\n");
        var yaml = folder.resolve("datasets.yaml");
        Files.writeString(yaml, """
                datasets:
                  - path: patients.csv
                    name: Heart
                    tags: [heart, demo]
                    description: From the registry.
                  - path: lungs.csv
                    name: Lungs
                  - {path: none.csv, name: None}
                """);
        assertThat(runAtHome("dataset", "add", "--file", yaml.toString())).isEqualTo(1);
        assertThat(err)
                .contains("datasets.yaml, line 6: lungs.csv, line 3: 1 field", "line 8: no such file")
                .contains("2 of 3 datasets are not fit, see above; none was shared");
        assertThat(shared()).isZero();
        Files.writeString(folder.resolve("lungs.csv"), "a,b\n1,2\n3,4\n");
        Files.writeString(folder.resolve("none.csv"), "a,b\n1,2\n");
        assertThat(runAtHome("dataset", "add", "--file", yaml.toString()))
                .as(err)
                .isZero();
        assertThat(out).contains("Shared 3 datasets", "Lungs", "demo, heart");
        assertThat(shared()).isEqualTo(3);
    }

    @Test
    void aWrongFileIsRefusedWithItsLine() throws IOException {
        wrong(
                "datasets:\n  - paht: a.csv\n",
                "line 2: unknown key 'datasets.paht'; the nearest known key is 'datasets.path'");
        wrong("datasets:\n  - path: a.csv\n", "line 2: 'datasets.name' is missing");
        wrong("- path: a.csv\n", "line 1: the file must be keys with values, such as datasets:");
        wrong("datasets: []\n", "'datasets' must be a list");
        wrong(
                "datasets:\n  - {path: a.csv, name: A}\n  - {path: ./a.csv, name: A}\n",
                "line 3: ",
                "twice under one name");
        var yaml = folder.resolve("datasets.yaml");
        assertThat(runAtHome("dataset", "add", "--file", yaml.toString(), "--name", "A"))
                .isEqualTo(2);
        assertThat(err).contains("with --file, the file says what each dataset is");
    }

    private void wrong(String yaml, String... expected) throws IOException {
        Path file = Files.writeString(folder.resolve("datasets.yaml"), yaml);
        assertThat(runAtHome("dataset", "add", "--file", file.toString())).isEqualTo(1);
        assertThat(err).contains(expected);
    }

    @Test
    void theKindIsWhatItLooksLike() throws IOException {
        var images = Files.createDirectories(folder.resolve("xrays/sick"));
        Files.writeString(images.resolve("a.png"), "no image");
        assertThat(runAtHome("dataset", "add", folder.resolve("xrays").toString(), "--name", "X"))
                .isEqualTo(1);
        assertThat(err).contains("sick/a.png");
    }

    @Test
    void aLineTellsHowFarTheReadingIs() {
        assertThat(ReadingLine.text(60, "Reading xrays ", 50, 200, Duration.ofSeconds(5)))
                .isEqualTo("Reading xrays [======                    ] 50/200 (0:00:05)")
                .hasSizeLessThan(60);
        assertThat(ReadingLine.text(40, "Reading " + "x".repeat(80) + " ", 0, 0, Duration.ZERO))
                .hasSize(39);
    }
}
