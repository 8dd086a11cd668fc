package fedbiomed.data.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.data.volume.Intensity;
import fedbiomed.data.volume.ReferenceVolume;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DicomFileTest {
    @TempDir
    Path folder;

    private static Path resource(String name) {
        return ReferenceVolume.resource(DicomFileTest.class, name);
    }

    private static byte[] bytes(String name) throws IOException {
        return Files.readAllBytes(resource(name));
    }

    private static void assertUnfit(Path file, String expected) {
        assertThatThrownBy(() -> DicomFile.open(file).read())
                .isInstanceOfSatisfying(
                        FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_UNFIT))
                .hasMessageStartingWith(file.getFileName() + ": ")
                .hasMessageContaining(expected);
    }

    private Path write(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("x.dcm"), bytes);
    }

    /** {@code bytes} with the first {@code from} replaced by {@code to}. */
    private static byte[] replaced(byte[] bytes, byte[] from, byte[] to) throws IOException {
        for (int at = 0; at + from.length <= bytes.length; at++) {
            if (Arrays.equals(bytes, at, at + from.length, from, 0, from.length)) {
                var out = new ByteArrayOutputStream();
                out.write(bytes, 0, at);
                out.write(to);
                out.write(bytes, at + from.length, bytes.length - at - from.length);
                return out.toByteArray();
            }
        }
        throw new AssertionError("not there");
    }

    /** An element of 16 bits in explicit VR. */
    private static byte[] us(int group, int element, int value) {
        return new byte[] {
            (byte) group,
            (byte) (group >> 8),
            (byte) element,
            (byte) (element >> 8),
            'U',
            'S',
            2,
            0,
            (byte) value,
            (byte) (value >> 8)
        };
    }

    private static byte[] withU16(String name, int element, int from, int to) throws IOException {
        return replaced(bytes(name), us(0x28, element, from), us(0x28, element, to));
    }

    @ParameterizedTest
    @CsvSource({
        "JPEGLSNearLossless_08.dcm, 'JPEG-LS Lossy (Near-Lossless)'",
        "JPGExtended.dcm, JPEG Extended (Process 2 and 4)",
        "MR_small_bigendian.dcm, Explicit VR Big Endian",
        "MR_small_jp2klossless.dcm, JPEG 2000 (Lossless Only)",
        "image_dfl.dcm, Deflated Explicit VR Little Endian",
    })
    void otherTransferSyntaxesAreRefusedByName(String file, String name) {
        assertUnfit(resource(file), "its transfer syntax is " + name + " (1.2.840.10008.1.2.");
    }

    @Test
    void whatIsNoImageOfGreyValuesIsRefused() throws IOException {
        assertUnfit(resource("SC_rgb_small_odd.dcm"), "its pixels are RGB (3 samples per pixel)");
        assertUnfit(resource("test-SR.dcm"), "it holds no image");
        assertUnfit(resource("meta_missing_tsyntax.dcm"), "no Transfer Syntax UID");
        assertUnfit(resource("MR_truncated.dcm"), "copy it again");
        assertUnfit(write("subject,age\n".getBytes(StandardCharsets.UTF_8)), "it is no DICOM file");
        assertUnfit(write(new byte[500]), "it is no DICOM file");
        var unknown = replaced(
                bytes("MR_small.dcm"),
                "1.2.840.10008.1.2.1\0".getBytes(StandardCharsets.US_ASCII),
                "1.2.3.45678.1.2.333\0".getBytes(StandardCharsets.US_ASCII));
        assertUnfit(write(unknown), "its transfer syntax is none of the standard's, which is not read");
        assertThatThrownBy(() -> DicomFile.open(folder.resolve("none.dcm")))
                .isInstanceOfSatisfying(
                        FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATASET_CHANGED));
    }

    @Test
    void numbersThatCannotBeAreRefusedBeforeAnythingIsAllocated() throws IOException {
        assertUnfit(write(withU16("MR_small.dcm", 0x10, 64, 65535)), "declares 8388480 bytes of pixels");
        assertUnfit(write(withU16("MR_small.dcm", 0x10, 64, 0)), "Rows (0028,0010) is 0");
        assertUnfit(write(withU16("MR_small.dcm", 0x100, 16, 12)), "Bits Allocated (0028,0100) is 12");
        assertUnfit(write(withU16("MR_small.dcm", 0x101, 16, 17)), "which cannot be");
        assertUnfit(write(withU16("MR_small.dcm", 0x102, 15, 16)), "which cannot be");
        assertUnfit(write(withU16("MR_small.dcm", 0x102, 15, 14)), "which cannot be");
        assertUnfit(write(withU16("MR_small.dcm", 0x103, 1, 2)), "Pixel Representation (0028,0103)");
        assertUnfit(write(withU16("MR_small_RLE.dcm", 0x10, 64, 65535)), "compressed bytes can hold");
        assertUnfit(write(withU16("made-jpeg.dcm", 0x10, 40, 41)), "has 40 x 48 pixels of 1 components of 8 bits");
        assertUnfit(write(withU16("made-jpeg.dcm", 0x100, 8, 16)), "JPEG Baseline (Process 1) does not allow");
        assertThatThrownBy(() -> DicomFile.open(resource("MR_small.dcm"), 4095))
                .hasMessageContaining("declares more than 4095 pixels");
        assertThat(DicomFile.open(resource("MR_small.dcm"), 4096).voxels()).isEqualTo(4096);
        assertThatThrownBy(
                        () -> DicomFile.open(resource("MR_small.dcm")).readInto(MemorySegment.ofArray(new float[4095])))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a target of 16380 bytes for 4096 voxels");
    }

    /** Something is remembered of each frame: their number is bounded before that. */
    @Test
    void framesThatCannotBeAreRefused() throws IOException {
        var valid = bytes("made-enhanced.dcm");
        var three = new byte[] {0x28, 0, 8, 0, 'I', 'S', 2, 0, '3', ' '};
        assertUnfit(
                write(replaced(valid, three, new byte[] {0x28, 0, 8, 0, 'I', 'S', 2, 0, '0', ' '})),
                "Number of Frames (0028,0008) is no whole number above 0");
        assertUnfit(
                write(replaced(valid, three, new byte[] {0x28, 0, 8, 0, 'I', 'S', 2, 0, '9', ' '})),
                "declares 360 bytes of pixels, but it has 120");
        assertUnfit(
                write(replaced(
                        valid, three, new byte[] {0x28, 0, 8, 0, 'I', 'S', 8, 0, '2', '0', '0', '0', '0', '0', '0', ' '
                        })),
                "is above 1048576");
    }

    @Test
    void aFolderIsNoFile() {
        assertUnfit(folder, "it is no file but a folder or a device");
    }

    /** libjpeg would fill up with grey. */
    @Test
    void aJpegStreamThatEndsTooEarlyIsRefused() throws IOException {
        var valid = bytes("made-jpeg.dcm");
        var damaged = valid.clone();
        Arrays.fill(damaged, valid.length - 300, valid.length - 8, (byte) 0);
        assertUnfit(write(damaged), "JPEG stream is damaged");
        assertUnfit(write(Arrays.copyOf(valid, valid.length - 300)), "copy it again");
    }

    @Test
    void scalingsThatWouldGiveNothingAreRefused() throws IOException {
        assertUnfit(
                write(replaced(
                        bytes("made-int12.dcm"),
                        "0.25".getBytes(StandardCharsets.US_ASCII),
                        "0.00".getBytes(StandardCharsets.US_ASCII))),
                "Rescale Slope (0028,1053)");
        assertUnfit(
                write(replaced(
                        bytes("made-int12.dcm"),
                        "0.25".getBytes(StandardCharsets.US_ASCII),
                        "0,25".getBytes(StandardCharsets.US_ASCII))),
                "must both be numbers");
    }

    /** Sequences without lengths, one in the other: each opens the next. */
    @Test
    void sequencesNestedWithoutEndAreRefused() throws IOException {
        var head = Arrays.copyOf(bytes("made-uint8.dcm"), 132);
        var out = new ByteArrayOutputStream();
        out.write(head);
        var uid = "1.2.840.10008.1.2\0".getBytes(StandardCharsets.US_ASCII);
        out.write(new byte[] {2, 0, 0x10, 0, 'U', 'I', (byte) uid.length, 0});
        out.write(uid);
        for (int depth = 0; depth < 100_000; depth++) {
            out.write(new byte[] {8, 0, 0x10, 0x11, -1, -1, -1, -1, -2, -1, 0, -32, -1, -1, -1, -1});
        }
        assertUnfit(write(out.toByteArray()), "nested more than 32 deep");
    }

    @Test
    void demographicsComeThroughTheAllowListAlone() throws IOException {
        var header = DicomFile.open(resource("made-uint8.dcm")).header();
        assertThat(header.attributes())
                .containsOnlyKeys(
                        DicomAttribute.PATIENT_SEX,
                        DicomAttribute.PATIENT_AGE,
                        DicomAttribute.PATIENT_WEIGHT,
                        DicomAttribute.MODALITY);
        assertThat(header.number(DicomAttribute.PATIENT_AGE)).hasValue(1.5);
        assertThat(header.number(DicomAttribute.PATIENT_WEIGHT)).hasValue(11.5);
        assertThat(header.number(DicomAttribute.PATIENT_SEX)).isEmpty();
        assertThat(header.number(DicomAttribute.KVP)).isEmpty();
        assertThat(header.toString())
                .doesNotContain("Meier")
                .doesNotContain("4711")
                .doesNotContain("1.2.3.4");
    }

    /** Names, dates, identifiers, addresses, free texts: no attribute's tag is one of a group's that hold those. */
    @Test
    void noAttributeIdentifiesAnyone() {
        int[] identifying = {
            0x0010_0010, 0x0010_0020, 0x0010_0030, 0x0010_1000, 0x0010_1001, 0x0010_1040, 0x0010_2154, 0x0010_4000,
            0x0008_0012, 0x0008_0018, 0x0008_0020, 0x0008_0050, 0x0008_0080, 0x0008_0081, 0x0008_0090, 0x0008_1010,
            0x0008_1030, 0x0008_103E, 0x0008_1050, 0x0008_1070, 0x0018_1000, 0x0018_1030, 0x0020_000D, 0x0020_000E,
            0x0020_0010, 0x0020_4000, 0x0040_0253, 0x0040_0275
        };
        for (var attribute : DicomAttribute.values()) {
            assertThat(identifying).as(attribute.name()).doesNotContain(attribute.tag());
            assertThat(attribute.name()).doesNotContain("NAME_OF", "_ID", "DATE", "DESCRIPTION", "COMMENTS", "UID");
        }
    }

    @Test
    void aNameTypedIntoTheWrongFieldIsNoValue() throws IOException {
        var changed = replaced(
                bytes("made-uint8.dcm"),
                "018M".getBytes(StandardCharsets.US_ASCII),
                "Hans".getBytes(StandardCharsets.US_ASCII));
        assertThat(DicomFile.open(write(changed)).header().attributes()).doesNotContainKey(DicomAttribute.PATIENT_AGE);
        assertThat(DicomAttribute.PATIENT_SEX.fits("MEIER")).isFalse();
        assertThat(DicomAttribute.MODALITY.fits("Meier^Hans")).isFalse();
        assertThat(DicomAttribute.MANUFACTURER.fits("Meier^Hans"))
                .as("a caret is a name's")
                .isFalse();
        assertThat(DicomAttribute.ECHO_TIME.fits("NaN")).isFalse();
    }

    @Test
    void monochrome1IsToldAndCanBeInverted() {
        var file = DicomFile.open(resource("made-monochrome1.dcm"));
        assertThat(file.header().pixels().monochrome1()).isTrue();
        assertThat(DicomFile.open(resource("made-int12.dcm")).header().pixels().monochrome1())
                .isFalse();
        var values = file.read().values();
        float darkest = 0;
        float brightest = Float.MAX_VALUE;
        for (float value : values) {
            darkest = Math.max(darkest, value);
            brightest = Math.min(brightest, value);
        }
        var inverted = Intensity.inverted(file.read()).values();
        for (int i = 0; i < values.length; i++) {
            assertThat(inverted[i]).isEqualTo(brightest + darkest - values[i]);
        }
    }

    /** What lies outside of the stored bits (overlays, once) is no part of a pixel. */
    @Test
    void bitsOutsideOfThoseStoredAreIgnored() {
        var values = new float[3];
        // twelve bits under a high bit of 13: 0x3FFC of 0xFFFF
        var raw = new byte[] {(byte) 0x03, (byte) 0xC0, (byte) 0xFC, (byte) 0x1F, (byte) 0xFF, (byte) 0xFF};
        new PixelFormat(1, 3, 1, 16, 12, 13, false, false).decode(raw, 0, 3, new Rescale(1, 0), values);
        assertThat(values).containsExactly(0, 2047, 4095);
        new PixelFormat(1, 3, 1, 16, 12, 13, true, false).decode(raw, 0, 3, new Rescale(1, 0), values);
        assertThat(values).containsExactly(0, 2047, -1);
        new PixelFormat(1, 1, 1, 32, 32, 31, false, false)
                .decode(new byte[] {-1, -1, -1, -1}, 0, 1, new Rescale(1, 0), values);
        assertThat(values[0]).isEqualTo(4294967295f);
    }
}
