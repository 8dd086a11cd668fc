package fedbiomed.node.command;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.vocabulary.DatasetDescription;
import fedbiomed.vocabulary.Json;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class LoadingPlanCommandTest extends TypedNodeCommands {
    private static final String PLAN = """
            name: hearts
            other_columns: hidden
            columns:
              years: age
              gender:
                from: sex
                values: {f: female, m: male}
                other_values: refused
              ill:
            """;

    private void save(String yaml) throws IOException {
        var file = Files.writeString(folder.resolve("hearts.yaml"), yaml);
        assertThat(runAtHome("loading-plan", "add", file.toString())).as(err).isZero();
    }

    private String refused(String yaml) throws IOException {
        var file = Files.writeString(folder.resolve("hearts.yaml"), yaml);
        assertThat(runAtHome("loading-plan", "add", file.toString())).isEqualTo(1);
        return err;
    }

    private int add(String name) {
        return runAtHome(
                "dataset", "add", csv.toString(), "--name", name, "--tags", "heart", "--loading-plan", "hearts");
    }

    private String idOf(String listed) throws IOException {
        assertThat(runAtHome("dataset", "list", "--json")).isZero();
        for (var each : Json.MAPPER.readTree(out)) {
            if (each.path("description").path("name").asText().equals(listed)) {
                return each.path("description").path("id").asText();
            }
        }
        throw new AssertionError(out);
    }

    @Test
    void aDatasetIsSharedUnderAgreedNamesAndTheNodesOwnStayHere() throws IOException {
        save(PLAN);
        assertThat(out).contains("Saved as 'hearts'").containsPattern("gender +sex +f -> female, m -> male +refused");
        assertThat(add("Heart")).as(err).isZero();
        assertThat(out)
                .contains("loading plan hearts; maps gender, years; recodes gender", "Only you see:")
                .containsPattern("years +integer +0")
                .containsPattern("gender +text +1");
        var id = idOf("Heart");
        assertThat(runAtHome("dataset", "show", id, "--as-researcher")).isZero();
        assertThat(out).doesNotContain("sex", "male", "age", csv.toString()).contains("gender", "ill");
        assertThat(runAtHome("dataset", "show", id, "--as-researcher", "--json"))
                .isZero();
        assertThat(out).doesNotContain("sex", "male", "age", folder.toString());
        var told = Json.MAPPER.readValue(out, DatasetDescription.class);
        assertThat(told.loadingPlan()).isNotNull();
        assertThat(told.columns()).hasSize(3);
    }

    @Test
    void aSavedPlanIsNotChangedUnderADataset() throws IOException {
        save(PLAN);
        assertThat(add("Heart")).as(err).isZero();
        var id = idOf("Heart");
        assertThat(runAtHome("dataset", "show", id)).isZero();
        var before = out;
        assertThat(refused(PLAN.replace("years: age", "alter: age")))
                .contains("another loading plan is saved as 'hearts'", "loading-plan remove hearts");
        save(PLAN);
        assertThat(runAtHome("loading-plan", "list")).isZero();
        assertThat(out).containsPattern("hearts +3 +1 +hidden +" + id);
        assertThat(runAtHome("loading-plan", "remove", "hearts")).isZero();
        assertThat(runAtHome("dataset", "show", id)).isZero();
        assertThat(out).isEqualTo(before);
        assertThat(runAtHome("dataset", "check", id)).as(err + out).isZero();
        save(PLAN.replace("years: age", "alter: age"));
        assertThat(runAtHome("loading-plan", "list")).isZero();
        assertThat(out).as("another plan than the dataset's").doesNotContain(id);
        assertThat(runAtHome("loading-plan", "show", "hearts")).isZero();
        assertThat(out).contains("alter");
        assertThat(runAtHome("loading-plan", "remove", "lungs")).isEqualTo(1);
        assertThat(err).contains("no loading plan is saved as 'lungs'; there are hearts");
    }

    @Test
    void whatIsWrongIsSaidWithItsLine() throws IOException {
        assertThat(refused(PLAN.replace("years", "year\tx"))).contains("hearts.yaml, line");
        assertThat(refused(PLAN.replace("from:", "form:")))
                .contains("line 6: unknown key 'columns.gender.form'; the nearest known key is 'columns.gender.from'");
        assertThat(refused(PLAN.replace("    other_values: refused\n", "")))
                .contains("line 5: column 'gender': values are recoded, but what becomes of others is not said");
        assertThat(refused(PLAN.replace("hidden", "secret")))
                .contains("line 2: 'other_columns' must be kept or hidden");
        assertThat(refused(PLAN.replace("years: age", "years: sex")))
                .contains("column 'sex' is mapped twice, onto 'years' and 'gender'");
        assertThat(refused(PLAN.replace("name: hearts", "name: he arts"))).contains("a loading plan's name is");
        assertThat(refused("name: hearts\n")).contains("'columns' must be");
        assertThat(runAtHome("loading-plan", "add", folder + "/none.yaml")).isEqualTo(1);
        assertThat(err).contains("none.yaml, there is no such file");

        assertThat(add("Heart")).isEqualTo(1);
        assertThat(err).contains("no loading plan is saved as 'hearts'");
        save(PLAN.replace("years: age", "years: alter"));
        assertThat(add("Heart")).isEqualTo(1);
        assertThat(err)
                .contains("loading plan 'hearts': it maps the column 'alter' onto 'years', and the dataset has none");
        assertThat(runAtHome("loading-plan", "remove", "hearts")).isZero();
        save(PLAN.replace("f: female, ", ""));
        assertThat(add("Heart")).isEqualTo(1);
        assertThat(err).contains("column 'gender': 1 of 3 samples have a value that the loading plan does not recode");
        assertThat(runAtHome("dataset", "list")).isZero();
        assertThat(out).contains("shares no dataset");
    }
}
