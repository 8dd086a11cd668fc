package fedbiomed.training.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A network's code is shown to people whole, or it is said why not; nothing of it is run for that. */
class TorchScriptFileTest {
    @TempDir
    Path folder;

    private TorchScriptFile archive(String... entries) throws IOException {
        var file = folder.resolve("net.pt");
        try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (var entry : entries) {
                zip.putNextEntry(new ZipEntry(entry));
                zip.write(("# of " + entry).getBytes(StandardCharsets.UTF_8));
            }
        }
        return new TorchScriptFile(file);
    }

    private static void refused(TorchScriptFile file, String why) {
        assertThatThrownBy(file::code)
                .isInstanceOf(FedbiomedException.class)
                .hasMessageContaining("the TorchScript file net.pt " + why);
    }

    @Test
    void allCodeIsShownAndNothingElse() throws IOException {
        assertThat(archive("net/code/a.py", "net/CODE/b.PY", "net/data.pkl").code())
                .isEqualTo("# net/code/a.py\n# of net/code/a.py\n# net/CODE/b.PY\n# of net/CODE/b.PY\n");
    }

    @Test
    void whatCouldShowOneThingAndRunAnotherIsRefused() throws IOException {
        refused(archive("net/code/a.py", "net/code/A.py"), "has two entries of the name net/code/a.py");
        refused(archive("net/data.pkl"), "holds no code");
        var appended = archive("net/code/a.py");
        Files.writeString(appended.path(), "more", StandardOpenOption.APPEND);
        refused(appended, "does not end as PyTorch ends it");
        Files.writeString(appended.path(), "PK");
        refused(appended, "does not end as PyTorch ends it");
    }

    @Test
    void aDirectoryWithoutEndIsNotRead() throws IOException {
        var file = archive("net/code/a.py");
        var bytes = Files.readAllBytes(file.path());
        bytes[bytes.length - 22 + 12 + 3] = (byte) 0x80;
        Files.write(file.path(), bytes);
        refused(file, "has a directory of more than");
    }
}
