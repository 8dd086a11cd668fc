package fedbiomed.data.nifti;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.data.volume.ReferenceVolume;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NiftiFileTest {
    @TempDir
    Path folder;

    /** 3 x 4 x 5 voxels, NIfTI-1, little-endian. */
    private static byte[] nifti1() throws IOException {
        return Files.readAllBytes(ReferenceVolume.resource(NiftiFileTest.class, "made-int32-little.nii"));
    }

    private Path changed(byte[] valid, Consumer<ByteBuffer> change) throws IOException {
        var bytes = valid.clone();
        change.accept(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
        return Files.write(folder.resolve("a.nii"), bytes);
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    private static void assertUnfit(Path file, String expected) {
        assertThatThrownBy(() -> NiftiFile.open(file).read())
                .isInstanceOfSatisfying(
                        FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_UNFIT))
                .hasMessageStartingWith(file.getFileName() + ": ")
                .hasMessageContaining(expected);
    }

    @Test
    void whatIsNoImageOfRealNumbersIsRefusedByName() throws IOException {
        assertUnfit(folder, "it is no file but a folder or a device");
        assertUnfit(Files.writeString(folder.resolve("x.nii"), "subject,age\n1,60\n"), "does not start as a NIfTI");
        assertUnfit(Files.write(folder.resolve("x.nii"), new byte[0]), "does not start as a NIfTI");
        assertUnfit(Files.write(folder.resolve("x.nii"), Arrays.copyOf(nifti1(), 200)), "ends within the header");
        assertUnfit(changed(nifti1(), b -> b.putShort(70, (short) 32)), "datatype 32) is complex64; convert it");
        assertUnfit(changed(nifti1(), b -> b.putShort(70, (short) 128)), "is RGB24");
        assertUnfit(changed(nifti1(), b -> b.putShort(70, (short) 1536)), "is float128");
        assertUnfit(changed(nifti1(), b -> b.putShort(70, (short) 9)), "of no standard");
        assertUnfit(changed(nifti1(), b -> b.putInt(344, 0)), "ANALYZE 7.5");
        var nifti2 = Files.readAllBytes(ReferenceVolume.resource(NiftiFileTest.class, "made-int8-little.nii"));
        assertThat(nifti2[0]).as("540, a NIfTI-2 header").isEqualTo((byte) (540 & 0xFF));
        assertUnfit(changed(nifti2, b -> b.put(8, (byte) '\n')), "line ends");
    }

    @Test
    void fieldsThatCannotBeAreRefusedBeforeAnythingIsAllocated() throws IOException {
        assertUnfit(changed(nifti1(), b -> b.putShort(40, (short) 0)), "dim[0], the number of axes, is 0");
        assertUnfit(changed(nifti1(), b -> b.putShort(40, (short) 8)), "is 8; it must be 1 to 7");
        assertUnfit(changed(nifti1(), b -> b.putShort(44, (short) -4)), "dim[2] is -4");
        assertUnfit(changed(nifti1(), b -> b.putShort(44, (short) 0)), "dim[2] is 0");
        assertUnfit(
                changed(nifti1(), b -> b.putShort(42, Short.MAX_VALUE).putShort(44, Short.MAX_VALUE)),
                "declares more than 536870912 voxels");
        assertUnfit(changed(nifti1(), b -> b.putShort(46, (short) 6)), "more than a file of");
        assertUnfit(changed(nifti1(), b -> b.putFloat(108, Float.NaN)), "vox_offset");
        assertUnfit(changed(nifti1(), b -> b.putFloat(108, 8)), "vox_offset");
        assertUnfit(changed(nifti1(), b -> b.putFloat(108, 1e18f)), "vox_offset");
        assertUnfit(changed(nifti1(), b -> b.putFloat(112, 2).putFloat(116, Float.NaN)), "scl_inter is not");
        var nifti2 = Files.readAllBytes(ReferenceVolume.resource(NiftiFileTest.class, "made-int8-little.nii"));
        assertUnfit(changed(nifti2, b -> b.putLong(24, 1L << 31)), "declares more than");
        assertUnfit(changed(nifti2, b -> b.putLong(24, Long.MAX_VALUE)), "declares more than");
        assertUnfit(changed(nifti2, b -> b.putLong(168, Long.MIN_VALUE)), "vox_offset");
    }

    @Test
    void theLimitOfVoxelsIsTheCallers() throws IOException {
        var file = Files.write(folder.resolve("a.nii"), nifti1());
        assertThat(NiftiFile.open(file, 60).voxels()).isEqualTo(60);
        assertThatThrownBy(() -> NiftiFile.open(file, 59)).hasMessageContaining("declares more than 59 voxels");
    }

    @Test
    void truncatedDamagedAndExplodingStreamsAreRefused() throws IOException {
        var zipped = gzip(nifti1());
        assertThat(NiftiFile.open(Files.write(folder.resolve("a.nii.gz"), zipped))
                        .read()
                        .at(0, 0, 0))
                .isEqualTo(-323445824.0f); // as in reference.csv
        assertUnfit(
                Files.write(folder.resolve("a.nii.gz"), Arrays.copyOf(zipped, zipped.length - 60)),
                "it ends too early");
        assertUnfit(Files.write(folder.resolve("a.nii.gz"), Arrays.copyOf(zipped, 5)), "it ends too early");
        var otherChecksum = zipped.clone();
        otherChecksum[zipped.length - 6]++;
        assertUnfit(Files.write(folder.resolve("a.nii.gz"), otherChecksum), "compressed bytes are damaged");
        var shorter = gzip(Arrays.copyOf(nifti1(), nifti1().length - 1));
        assertUnfit(Files.write(folder.resolve("a.nii.gz"), shorter), "ends before its last voxel");

        var bomb = nifti1();
        ByteBuffer.wrap(bomb)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort(42, (short) 512)
                .putShort(44, (short) 512)
                .putShort(46, (short) 512);
        assertUnfit(Files.write(folder.resolve("a.nii.gz"), gzip(bomb)), "more than a file of");
    }

    /** What comes after the voxels is no part of the image, as for nibabel, and is not decompressed. */
    @Test
    void bytesBehindTheVoxelsAreLeftAlone() throws IOException {
        var longer = Arrays.copyOf(nifti1(), 40 << 20);
        var zipped = gzip(longer);
        var cut = Arrays.copyOf(zipped, zipped.length / 2);
        assertThat(NiftiFile.open(Files.write(folder.resolve("a.nii.gz"), cut))
                        .read()
                        .values())
                .isEqualTo(NiftiFile.open(ReferenceVolume.resource(NiftiFileTest.class, "made-int32-little.nii"))
                        .read()
                        .values());
    }

    @Test
    void aPairIsOpenedByEitherFileAndBothAreNeeded() throws IOException {
        var header =
                Files.copy(ReferenceVolume.resource(NiftiFileTest.class, "made-pair.hdr"), folder.resolve("p.hdr"));
        assertThatThrownBy(() -> NiftiFile.open(header))
                .isInstanceOfSatisfying(
                        FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATASET_CHANGED));
        var image = folder.resolve("p.img.gz");
        Files.write(image, gzip(Files.readAllBytes(ReferenceVolume.resource(NiftiFileTest.class, "made-pair.img"))));
        var expected = NiftiFile.open(ReferenceVolume.resource(NiftiFileTest.class, "made-pair.hdr"))
                .read();
        assertThat(NiftiFile.open(header).read().values()).isEqualTo(expected.values());
        assertThat(NiftiFile.open(image).read().values()).isEqualTo(expected.values());
        assertUnfit(Files.copy(header, folder.resolve("q.nii")), "it is the header of a pair");
        assertThatThrownBy(() -> NiftiFile.open(folder.resolve("none.nii")))
                .hasMessage(
                        "none.nii: there is no such file; restore it, or register the dataset again where it is now");
    }

    @Test
    void aTargetThatIsTooSmallIsTheCallersMistake() {
        var file = NiftiFile.open(ReferenceVolume.resource(NiftiFileTest.class, "made-int32-little.nii"));
        assertThatThrownBy(() -> file.readInto(MemorySegment.ofArray(new float[59])))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a target of 236 bytes for 60 voxels");
    }

    @Test
    void headersAreEqualIfWhatTheySayIs() throws IOException {
        var header =
                NiftiFile.open(Files.write(folder.resolve("a.nii"), nifti1())).header();
        assertThat(NiftiFile.open(ReferenceVolume.resource(NiftiFileTest.class, "made-int32-little.nii"))
                        .header())
                .isEqualTo(header);
        assertThat(NiftiFile.open(changed(nifti1(), b -> b.putFloat(112, 3))).header())
                .isNotEqualTo(header);
    }
}
