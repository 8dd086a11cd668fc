package fedbiomed.node.command;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.vocabulary.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DatasetChangesCommandTest extends TypedNodeCommands {
    private String id = "";

    @BeforeEach
    void aDataset() throws IOException {
        assertThat(runAtHome("dataset", "add", csv.toString(), "--name", "Heart", "--json"))
                .as(err)
                .isZero();
        id = Json.MAPPER.readTree(out).path("description").path("id").asText();
        assertThat(err).contains("ATTENTION: " + id + " has 3 samples, fewer than the 10 of minimum_samples");
    }

    private String state() {
        assertThat(runAtHome("dataset", "list")).isZero();
        return out.lines().filter(line -> line.startsWith(id)).findFirst().orElseThrow();
    }

    private String fingerprint() throws IOException {
        assertThat(runAtHome("dataset", "show", id, "--as-researcher", "--json"))
                .isZero();
        return Json.MAPPER.readTree(out).path("fingerprint").asText();
    }

    @Test
    void whatIsTouchedButTheSameIsFoundToBeSo() throws IOException {
        Files.writeString(home.resolve("policy.yaml"), "minimum_samples: 2\n");
        assertThat(state()).endsWith("ok");
        Files.setLastModifiedTime(csv, FileTime.from(Instant.EPOCH));
        assertThat(state()).endsWith("changed?");
        assertThat(runAtHome("dataset", "list", "--json")).isZero();
        assertThat(out).contains("\"state\":\"changed?\"");
        assertThat(state()).endsWith("changed?");
        assertThat(err).contains("dataset check");
        assertThat(runAtHome("dataset", "check")).isZero();
        assertThat(out).isEqualToIgnoringNewLines(id + ": ok");
        assertThat(state()).endsWith("ok");
        assertThat(runAtHome("dataset", "accept-changes", id, "--yes")).isZero();
        assertThat(out).contains("nothing to accept");
    }

    @Test
    void changesAreSaidAndAcceptedUnderTheSameIdAndAudited() throws IOException {
        var before = fingerprint();
        Files.writeString(csv, "age,sex,weight\n61,f,70.5\n55,m,\n48,m,80\n50,f,60\n");
        assertThat(runAtHome("dataset", "check", id)).isEqualTo(1);
        assertThat(out)
                .contains(
                        id + ": changed: ",
                        "samples: 3 before, 4 now",
                        "column 'sex': 1 missing before, 0 now",
                        "column 'ill' is gone",
                        "column 'weight' is new: real")
                .contains("accept-changes " + id);
        assertThat(err).contains("1 of 1 dataset needs you");
        assertThat(runAtHome("dataset", "check", "--json")).isEqualTo(1);
        assertThat(Json.MAPPER.readTree(out).path(0).path("differences")).hasSize(4);

        assertThat(runAtHome("dataset", "accept-changes", id)).isEqualTo(2);
        assertThat(err).contains("there is no terminal to ask at", "--yes");
        assertThat(fingerprint()).isEqualTo(before);
        assertThat(runAtHome("dataset", "accept-changes", id, "--yes")).as(err).isZero();
        assertThat(fingerprint()).isNotEqualTo(before);
        assertThat(out).contains("\"name\":\"Heart\"", "weight").doesNotContain("\"ill\"");
        assertThat(runAtHome("dataset", "check")).isZero();
        assertThat(runAtHome("audit", "verify")).as(err).isZero();
        assertThat(home.resolve("audit.jsonl")).content().contains("dataset_changes_accepted");
    }

    @Test
    void whatIsGoneOrUnfitIsNotAccepted() throws IOException {
        Files.writeString(csv, "age,sex,ill\n61,f\n");
        assertThat(runAtHome("dataset", "check")).isEqualTo(1);
        assertThat(out).contains(id + ": unfit: patients.csv, line 2: 2 fields");
        assertThat(runAtHome("dataset", "accept-changes", id, "--yes")).isEqualTo(1);
        assertThat(err).contains("cannot be shared as it is now (unfit): patients.csv, line 2");
        Files.delete(csv);
        assertThat(state()).endsWith("missing");
        assertThat(runAtHome("dataset", "check")).isEqualTo(1);
        assertThat(out).contains(id + ": missing: there is nothing at " + csv, "dataset remove " + id);
        assertThat(runAtHome("dataset", "check", "none")).isEqualTo(1);
        assertThat(err).contains("there is no dataset 'none'");
    }
}
