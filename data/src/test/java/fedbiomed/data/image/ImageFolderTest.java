package fedbiomed.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import fedbiomed.data.DatasetKinds;
import fedbiomed.data.Samples;
import fedbiomed.data.source.SampleSource;
import fedbiomed.data.source.StoredDataset;
import fedbiomed.parameters.Tensor;
import fedbiomed.vocabulary.ColumnDescription;
import fedbiomed.vocabulary.ColumnType;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The figures are Pillow's; {@code src/test/python/make_images.py} makes the images and prints them. */
class ImageFolderTest {
    @TempDir
    Path folder;

    /** @param as where in the folder */
    private void put(String image, String as) throws IOException {
        var target = folder.resolve(as);
        Files.createDirectories(Objects.requireNonNull(target.getParent()));
        try (var in = Objects.requireNonNull(getClass().getResourceAsStream(image))) {
            Files.write(target, in.readAllBytes());
        }
    }

    private StoredDataset stored(Map<String, String> settings) {
        return StoredDataset.of("image-folder", folder, settings);
    }

    private SampleSource open(Map<String, String> settings) {
        return DatasetKinds.open(stored(settings));
    }

    private static double sum(Tensor tensor) {
        return Arrays.stream(tensor.toDoubles()).sum();
    }

    @ParameterizedTest
    @CsvSource({
        "grey.png, '', '', 1, 25088, 67, 0",
        "rgb.png, '', '', 3, 56880, 67, 0",
        "rgba.png, '', '', 3, 56880, 67, 0",
        "palette.png, '', '', 3, 56567, 61, 0",
        "deep.png, '', '', 1, 4848000, 11000, 0",
        "deep.tiff, '', '', 1, 4848000, 11000, 0",
        "float.tiff, '', '', 1, 98.3843, 0.262745, 1e-4",
        "grey.bmp, '', '', 1, 25088, 67, 0",
        // the decoders of JPEG may round otherwise by one
        "smooth.jpg, '', '', 1, 24635, 137, 40",
        // one bit a pixel: 0 and 255
        "bits.png, '', '', 1, 31875, 0, 0",
        "rgb.png, colour, grey, 1, 22422, 132, 0",
        "grey.png, colour, rgb, 3, 75264, 67, 0",
    })
    void theFiguresAreThoseOfPillow(
            String image, String setting, String value, int channels, double sum, double at, double tolerance)
            throws IOException {
        put(image, "class/" + image);
        var source = open(setting.isEmpty() ? Map.of() : Map.of(setting, value));
        source.requireSound();
        var pixels = Samples.read(source, "image", 0);
        assertThat(pixels.shape()).containsExactly(channels, 12, 16);
        assertThat(sum(pixels)).isCloseTo(sum, within(tolerance));
        assertThat(pixels.doubleAt(4 * 16 + 3)).isCloseTo(at, within(Math.min(tolerance, 1)));
    }

    @Test
    void scalingIsPillowsBilinear() throws IOException {
        put("rgb.png", "a/rgb.png");
        var small = Samples.read(open(Map.of("size", "6x5")), "image", 0);
        assertThat(small.shape()).containsExactly(3, 6, 5);
        // Pillow rounds twice, we once: a pixel may differ by one
        assertThat(sum(small)).isCloseTo(8917.0, within(90.0));
        assertThat(small.doubleAt(4 * 5 + 3)).isCloseTo(199.0, within(1.0));
        put("grey.png", "b/grey.png");
        var large = Samples.read(open(Map.of("size", "24x20", "colour", "grey")), "image", 1);
        assertThat(sum(large)).isCloseTo(62717.0, within(480.0));
        assertThat(large.doubleAt(4 * 20 + 3)).isCloseTo(42.0, within(1.0));
    }

    @Test
    void aSubfolderIsAClass() throws IOException {
        put("grey.png", "sick/one.png");
        put("grey.bmp", "sick/deeper/two.bmp");
        put("grey.png", "healthy/three.png");
        Files.writeString(folder.resolve("sick/.DS_Store"), "x");
        Files.writeString(folder.resolve("README.txt"), "no image");
        var source = open(Map.of());
        source.requireSound();
        assertThat(source.samples()).isEqualTo(3);
        assertThat(source.texts("label")).containsExactly("healthy", "sick", "sick");
        assertThat(source.columns())
                .containsExactly(
                        new ColumnDescription("image", ColumnType.INTEGER, 0, "U8", List.of(1L, 12L, 16L)),
                        new ColumnDescription("label", ColumnType.TEXT, 0));
    }

    @Test
    void labelsMayStandInATable() throws IOException {
        put("grey.png", "one.png");
        put("grey.png", "two.png");
        Files.writeString(
                folder.resolve("labels.csv"), "stage,file,age,site\n2,two.png,,A\n1,one.png,63.5,\n9,none.png,1,B\n");
        assertThatThrownBy(() -> open(Map.of())).hasMessageContaining("2 of 2 images have no row whose column 'stage'");
        var source = open(Map.of("key", "file"));
        assertThat(source.columns())
                .extracting(ColumnDescription::name, ColumnDescription::dtype, ColumnDescription::missing)
                .containsExactly(
                        tuple("image", "U8", 0L),
                        tuple("stage", "I64", 0L),
                        tuple("age", "F64", 1L),
                        tuple("site", null, 1L));
        assertThat(Samples.read(source, "stage", 0).doubleAt(0)).isEqualTo(1);
        assertThat(Samples.read(source, "stage", 1).doubleAt(0)).isEqualTo(2);
        assertThat(Samples.read(source, "age", 0).doubleAt(0)).isEqualTo(63.5);
        assertThat(Samples.read(source, "age", 1).doubleAt(0)).isNaN();
        assertThat(source.texts("site")).containsExactly(null, "A");
    }

    @Test
    void aChangeOfContentNameOrReadingIsAnotherFingerprint() throws IOException {
        put("grey.png", "a/one.png");
        put("grey.png", "b/two.png");
        var before = open(Map.of()).fingerprint();
        assertThat(open(Map.of()).fingerprint()).isEqualTo(before);
        assertThat(open(Map.of("size", "8x8")).fingerprint()).isNotEqualTo(before);
        Files.move(folder.resolve("b/two.png"), folder.resolve("a/two.png"));
        var moved = open(Map.of()).fingerprint();
        assertThat(moved).isNotEqualTo(before);
        put("grey.bmp", "a/two.png");
        assertThat(open(Map.of()).fingerprint()).isNotEqualTo(moved);
    }

    private void refused(String expected, Map<String, String> settings) {
        assertThatThrownBy(() -> DatasetKinds.describe(stored(settings)))
                .isInstanceOfSatisfying(
                        FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_UNFIT))
                .hasMessageContaining(expected);
    }

    @Test
    void whatDoesNotGoTogetherIsToldWithItsRemedy() throws IOException {
        refused("holds no image", Map.of());
        put("grey.png", "one.png");
        refused("the images have no labels", Map.of());
        refused("no file 'labels.csv'", Map.of("labels", "labels.csv"));
        Files.writeString(folder.resolve("a.csv"), "f,y\none.png,1\none.png,2\n");
        refused("a.csv: two rows have one value in column 'f'", Map.of());
        Files.writeString(folder.resolve("b.csv"), "f,image\none.png,1\n");
        refused("2 CSV files", Map.of());
        refused("rename it", Map.of("labels", "b.csv"));
        Files.delete(folder.resolve("a.csv"));
        Files.delete(folder.resolve("b.csv"));
        Files.delete(folder.resolve("one.png"));

        put("grey.png", "a/1.png");
        put("deep.png", "a/2.png");
        refused("a/2.png: its pixels are of type I32, those of the first image 'a/1.png' of type U8", Map.of());
        put("rgb.png", "a/2.png");
        refused("a/2.png: it has 3 channels, the first image 'a/1.png' has 1; set 'colour'", Map.of());
        refused("is HEIGHTxWIDTH", Map.of("size", "big"));
        refused("at most 67108864 pixels", Map.of("size", "99999x99999"));
        refused("is grey or rgb, not 'blue'", Map.of("colour", "blue"));
        ImageIO.write(
                new BufferedImage(5, 4, BufferedImage.TYPE_BYTE_GRAY),
                "png",
                folder.resolve("a/2.png").toFile());
        refused("a/2.png: it is 4 x 5 pixels, the first image 'a/1.png' 12 x 16; set 'size'", Map.of());
        put("cmyk.jpg", "a/2.jpg");
        Files.delete(folder.resolve("a/2.png"));
        refused("a/2.jpg: its colours have 4 components (CMYK has 4)", Map.of());
    }

    @Test
    void brokenAndHostileFilesAreNamed() throws IOException {
        put("grey.png", "a/1.png");
        var bad = folder.resolve("a/bad.png");
        Files.writeString(bad, "not an image at all");
        refused("a/bad.png: it is no PNG", Map.of());
        var whole = Files.readAllBytes(folder.resolve("a/1.png"));
        Files.write(bad, Arrays.copyOf(whole, whole.length / 2));
        refused("a/bad.png: it", Map.of());
        // a header that promises 100,000 x 100,000 pixels
        var huge = whole.clone();
        ByteBuffer.wrap(huge).putInt(16, 100_000).putInt(20, 100_000);
        Files.write(bad, huge);
        refused("a/bad.png: the image has 100000 x 100000 pixels", Map.of());
        Files.delete(bad);
        Files.createSymbolicLink(bad, Path.of("/etc/passwd"));
        refused("a/bad.png is a link", Map.of());
        Files.delete(bad);
        Files.createSymbolicLink(bad, folder);
        refused("a/bad.png is a link", Map.of());
    }

    @Test
    void damagedImagesAreReadOrRefused() throws IOException {
        fuzz(600);
    }

    @Test
    @Tag("campaign")
    void aMillionDamagedImagesAreReadOrRefused() throws IOException {
        fuzz(1_000_000);
    }

    private void fuzz(int images) throws IOException {
        var random = new SplittableRandom(20261125);
        var names = List.of("rgb.png", "palette.png", "deep.tiff", "float.tiff", "grey.bmp", "smooth.jpg");
        var valid = new ArrayList<byte[]>();
        for (var name : names) {
            try (var in = Objects.requireNonNull(getClass().getResourceAsStream(name))) {
                valid.add(in.readAllBytes());
            }
        }
        int refused = 0;
        for (int i = 0; i < images; i++) {
            var bytes = valid.get(i % valid.size()).clone();
            for (int n = 1 + random.nextInt(4); n > 0; n--) {
                // the headers more than the pixels
                bytes[random.nextInt(random.nextBoolean() ? Math.min(64, bytes.length) : bytes.length)] =
                        (byte) random.nextInt();
            }
            try {
                var pixels = ImageFile.decoded(
                        random.nextInt(5) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes, "x");
                assertThat((long) pixels.width() * pixels.height()).isBetween(1L, ImageFile.MAX_PIXELS);
            } catch (FedbiomedException | IOException _) {
                // ImageFile.read makes one of the other
                refused++;
            }
        }
        assertThat(refused).isBetween(images / 10, images - images / 20);
    }
}
