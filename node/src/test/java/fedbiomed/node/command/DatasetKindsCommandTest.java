package fedbiomed.node.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Objects;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class DatasetKindsCommandTest extends TypedNodeCommands {
    @Test
    void aFolderOfImagesIsAddedAsItsSettingsSay() throws IOException {
        var images = folder.resolve("xrays");
        for (var name : List.of("sick/P001.png", "well/P002.png")) {
            Files.createDirectories(Objects.requireNonNull(images.resolve(name).getParent()));
            ImageIO.write(
                    new BufferedImage(5, 4, BufferedImage.TYPE_BYTE_GRAY),
                    "png",
                    images.resolve(name).toFile());
        }
        var add = new String[] {"dataset", "add", images.toString(), "--name", "X-rays", "--kind", "image-folder"};
        assertThat(runAtHome(
                        "dataset", "add", images.toString(), "--name", "X", "--kind", "image-folder", "--set", "siz=1"))
                .isEqualTo(1);
        assertThat(err).contains("no setting 'siz'", "size");
        assertThat(runAtHome(
                        "dataset",
                        "add",
                        images.toString(),
                        "--name",
                        "X",
                        "--kind",
                        "image-folder",
                        "--set",
                        "size=8x8"))
                .as(err)
                .isZero();
        assertThat(out.lines().map(line -> line.replaceAll(" +", " ").strip()))
                .contains("samples 2", "set size=8x8", "image U8 [1, 8, 8] 0", "label text one text 0");
        assertThat(out).doesNotContain("P001");
        assertThat(runAtHome(add)).as(err).isZero();
        assertThat(run("dataset", "kinds")).isZero();
        assertThat(out).contains("image-folder", "colour", "idx", "a table in a CSV or TSV file");
        assertThat(runAtHome("dataset", "add", csv.toString(), "--name", "X", "--kind", "image-folder"))
                .isEqualTo(1);
        assertThat(err).contains("not a folder: " + csv);
    }

    @Test
    void aFolderOfAnyFilesIsAddedForAPlansOwnReader() throws IOException {
        var curves = Files.createDirectories(folder.resolve("curves"));
        assertThat(runAtHome("dataset", "add", curves.toString(), "--name", "Curves", "--kind", "files"))
                .isEqualTo(1);
        assertThat(err).contains("the folder holds no file");
        Files.writeString(curves.resolve("P001.curve"), "1 2 3");
        Files.writeString(curves.resolve("P002.curve"), "4 5 6");
        assertThat(runAtHome("dataset", "add", curves.toString(), "--name", "Curves", "--kind", "files"))
                .as(err)
                .isZero();
        assertThat(out.lines().map(line -> line.replaceAll(" +", " ").strip()))
                .contains("samples 2", "kind files", "What the files hold, a plan's own reader says.");
        assertThat(out).doesNotContain("P001");
    }
}
