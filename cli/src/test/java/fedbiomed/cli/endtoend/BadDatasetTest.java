package fedbiomed.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.protocol.identity.Identity;
import fedbiomed.vocabulary.Json;
import fedbiomed.vocabulary.PartyId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code node dataset add} with files as hospitals have them: what is wrong is said, and the registry stays as it was. */
class BadDatasetTest {
    @TempDir
    Path folder;

    private Path home;
    private Path csv;
    private String out = "";
    private String err = "";

    @BeforeEach
    void aHomeThatSharesOneDataset() throws IOException {
        home = Files.createDirectory(folder.resolve("node"));
        Identity.create(PartyId.of("hospital-a"), home);
        csv = folder.resolve("patients.csv");
        var good = Files.writeString(folder.resolve("good.csv"), "age,ill\n61,1\n55,0\n");
        assertThat(run("dataset", "add", good.toString(), "--name", "Good", "--tags", "heart"))
                .as(err)
                .isZero();
    }

    private int run(String... arguments) {
        var all = new ArrayList<Object>(List.of("node"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--home", home));
        var typed = Typed.of(all.toArray());
        out = typed.out();
        err = typed.err();
        return typed.exit();
    }

    private String shared() {
        assertThat(run("dataset", "list", "--json")).isZero();
        return out;
    }

    /** What is said; checks that nothing else happened. */
    private String refused(String... arguments) {
        var before = shared();
        assertThat(run(arguments)).isEqualTo(1);
        var said = err;
        assertThat(said.strip()).hasLineCount(1).doesNotContain("Exception", "\tat ", "\u001b");
        assertThat(shared()).isEqualTo(before);
        return said;
    }

    private String refusedFile() {
        return refused("dataset", "add", csv.toString(), "--name", "Bad", "--tags", "heart");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "age,ill/61,1/55/          | line 3: 1 field where the header has 2                | not quoted",
                "age,ill/61,1/55,0,7/      | line 3: 3 fields where the header has 2               | not quoted",
                "age,ill,age/61,1,2/       | line 1: columns 1 and 3 are both named 'age'          | rename one",
                "age,/61,1/                | line 1: column 2 has no name                          | name it",
                "age,ill/61,1/inf,0/       | line 3: column 'age' has an infinite number           | correct it or leave it empty",
                "age,ill/61,1/-1e999,0/    | line 3: column 'age' has an infinite number           | correct it or leave it empty",
                "age,ill/                  | it has a header and no row                            | add the data below",
                "~~                        | it is empty                                           | the first line names the columns",
                "age,ill/61,\"1/55,0/      | line 2: a quote (\") opens here and is never closed   | close or remove it"
            })
    void aBadFileIsToldWithPlaceAndRemedy(String file, String expected, String remedy) throws IOException {
        Files.writeString(csv, file.replace('/', '\n'));
        assertThat(refusedFile()).contains("patients.csv", expected, remedy);
    }

    @Test
    void latin1IsToldWithTheRemedy() throws IOException {
        Files.write(csv, "größe,ill\n1,1\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(refusedFile()).contains("line 1: it is not UTF-8 text", "save the file again as UTF-8");
    }

    @Test
    void aMissingFileAFolderAndADeviceAreNamed() throws IOException {
        assertThat(refusedFile()).contains("no such file: " + csv, "give the path");
        Files.createDirectory(csv);
        assertThat(refusedFile()).contains("not a file: " + csv);
        assertThat(refused("dataset", "add", "/dev/zero", "--name", "Zero")).contains("not a file: /dev/zero");
        assertThat(refused("dataset", "add", folder + "/a\u001b[2J.csv", "--name", "Bad"))
                .contains("a?[2J.csv");
    }

    @Test
    void namesAndTagsThatWouldSteerATerminalAreRefused() throws IOException {
        Files.writeString(csv, "age,ill\n61,1\n");
        for (var name : new String[] {"", "a\u001b[31mb", "two\nlines", "\u202egnp.exe", "x".repeat(101)}) {
            assertThat(refused("dataset", "add", csv.toString(), "--name", name))
                    .contains("1 to 100 characters");
        }
        for (var tag : new String[] {"a\u001b[31mb", "two words", "../up", "x".repeat(65)}) {
            assertThat(refused("dataset", "add", csv.toString(), "--name", "Bad", "--tags", tag))
                    .contains("a tag is 1 to 64 letters");
        }
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheFirstNameAndNaIsNoValue() throws IOException {
        Files.writeString(csv, "\uFEFFage,ill\n61,1\nNA,0\n,1\n");
        assertThat(run("dataset", "add", csv.toString(), "--name", "Marked", "--json"))
                .as(err)
                .isZero();
        var columns = Json.MAPPER.readTree(out).path("description").path("columns");
        assertThat(columns.get(0).path("name").asText()).isEqualTo("age");
        assertThat(columns.get(0).path("type").asText()).isEqualTo("INTEGER");
        assertThat(columns.get(0).path("missing").asInt()).isEqualTo(2);
    }

    @Test
    void columnNamesThatWouldSteerATerminalAreShownHarmless() throws IOException {
        Files.writeString(csv, "age\u001b[2J,ill\n61,1\n");
        assertThat(run("dataset", "add", csv.toString(), "--name", "Steering", "--description", "x\u001b[2Jy"))
                .as(err)
                .isZero();
        assertThat(out).contains("age?[2J", "x?[2Jy").doesNotContain("\u001b");
    }
}
