package fedbiomed.data.medical;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import fedbiomed.data.DatasetKinds;
import fedbiomed.data.Samples;
import fedbiomed.data.source.SampleSource;
import fedbiomed.data.source.StoredDataset;
import fedbiomed.vocabulary.ColumnDescription;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How folders are laid out, who is left out, and what is refused. */
class MedicalFolderTest {
    @TempDir
    Path folder;

    private void put(String file, float value, int... shape) throws IOException {
        NiftiBytes.write(
                folder.resolve(file), NiftiBytes.filled(value, shape.length == 0 ? new int[] {2, 3, 4} : shape));
    }

    private void text(String file, String text) throws IOException {
        Files.createDirectories(folder.resolve(file).toAbsolutePath().getParent());
        Files.writeString(folder.resolve(file), text);
    }

    private StoredDataset stored(Map<String, String> settings) {
        return StoredDataset.of("medical-folder", folder, settings);
    }

    private SampleSource open(Map<String, String> settings) {
        var source = DatasetKinds.open(stored(settings));
        source.requireSound();
        return source;
    }

    private static double first(SampleSource source, String array, int sample) {
        return Samples.read(source, array, sample).doubleAt(0);
    }

    private void refused(String expected, Map<String, String> settings) {
        assertThatThrownBy(() -> DatasetKinds.describe(stored(settings)))
                .isInstanceOfSatisfying(
                        FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_UNFIT))
                .hasMessageContaining(expected);
    }

    @Test
    void aFolderOfModalitiesInFoldersIsRead() throws IOException {
        put("P001/T1/scan.nii.gz", 1);
        put("P001/seg/any name.nii", 2);
        put("P002/T1/scan.nii.gz", 3);
        put("P002/seg/other.nii.gz", 4);
        text("P002/T1/scan.json", "{}");
        text("patients.csv", "id,age,folder\n7,50,P002\n8,60,P001\n");
        var source = open(Map.of("masks", "seg", "demographics", "patients.csv", "key", "folder"));
        assertThat(source.columns())
                .extracting(ColumnDescription::name)
                .containsExactly("T1", "seg", "subject", "id", "age");
        assertThat(source.columns().getFirst().shape()).containsExactly(1L, 4L, 3L, 2L);
        assertThat(first(source, "T1", 1)).isEqualTo(3);
        assertThat(first(source, "seg", 0)).isEqualTo(2);
        assertThat(first(source, "age", 0)).isEqualTo(60);
        assertThat(source.toString()).doesNotContain("P001");
    }

    @Test
    void filesCalledByTheirSubjectsAreRead() throws IOException {
        put("BraTS-01/BraTS-01_t1.nii.gz", 1);
        put("BraTS-01/BraTS-01_seg.nii.gz", 0);
        put("BraTS-02/BraTS-02-t1.nii.gz", 2);
        put("BraTS-02/BraTS-02-seg.nii.gz", 0);
        var source = open(Map.of("masks", "seg"));
        assertThat(source.samples()).isEqualTo(2);
        assertThat(source.columns())
                .extracting(ColumnDescription::name, ColumnDescription::dtype)
                .containsExactly(tuple("seg", "I32"), tuple("t1", "F32"), tuple("subject", "I64"));
    }

    @Test
    void sessionsAreSamplesOfOneSubjectAndDerivativesAreReadWhereNamed() throws IOException {
        text("dataset_description.json", "{}");
        text("code/readme.txt", "x");
        put("sourcedata/sub-01/anything.nii", 9);
        text("participants.tsv", "participant_id\tage\nsub-02\t70\nsub-01\t60\n");
        for (var session : List.of("sub-01/ses-1", "sub-01/ses-2", "sub-02/ses-1")) {
            var name = session.replace('/', '_');
            put(session + "/anat/" + name + "_acq-fast_run-1_T1w.nii.gz", 1);
            put("derivatives/seg/" + session + "/anat/" + name + "_desc-lesion_mask.nii.gz", 1);
        }
        put("derivatives/fs/sub-01/mri/T1.nii.gz", 5);
        var source = open(Map.of("masks", "desc-lesion_mask"));
        assertThat(source.samples()).isEqualTo(3);
        assertThat(source.columns())
                .extracting(ColumnDescription::name)
                .containsExactly("T1w", "desc-lesion_mask", "subject", "age");
        assertThat(List.of(first(source, "subject", 0), first(source, "subject", 1), first(source, "subject", 2)))
                .containsExactly(0.0, 0.0, 1.0);
        assertThat(first(source, "age", 1)).isEqualTo(60);
        put("sub-02/ses-1/anat/sub-02_ses-1_acq-slow_run-1_T1w.nii.gz", 2);
        refused(
                "two images of one subject are of the modality 'T1w': sub-02/ses-1/anat/sub-02_ses-1_acq-fast_run-1_T1w",
                Map.of());
        refused("e.g. modalities=acq-slow_run-1_T1w", Map.of());
        assertThat(open(Map.of("modalities", "acq-fast_T1w")).samples()).isEqualTo(3);
        refused("no image of the modality 'T2w'; the folder has T1w, mask", Map.of("modalities", "T2w"));
    }

    @Test
    void whoLacksSomethingIsNamedAndLeftOutWhereAsked() throws IOException {
        put("sub-01/anat/sub-01_T1w.nii.gz", 1);
        put("sub-01/anat/sub-01_FLAIR.nii.gz", 1);
        put("sub-02/anat/sub-02_T1w.nii.gz", 2);
        put("sub-03/anat/sub-03_T1w.nii.gz", 3);
        put("sub-03/anat/sub-03_FLAIR.nii.gz", 3);
        text("sub-04/anat/sub-04_T1w.json", "{}");
        text("participants.tsv", "participant_id\tage\nsub-01\t60\nsub-02\t61\nsub-77\t1\n");
        refused(
                "3 of 4 subjects lack something: sub-02 (FLAIR), sub-03 (a row in the demographics), sub-04 (FLAIR, T1w,"
                        + " a row in the demographics). Complete them,",
                Map.of());
        refused("missing=leave-out", Map.of());
        refused("is refuse or leave-out, not 'yes'", Map.of("missing", "yes"));
        var content = DatasetKinds.describe(stored(Map.of("missing", "leave-out")));
        assertThat(content.samples()).isEqualTo(1);
        assertThat(content.notes())
                .anyMatch(note -> note.startsWith("left out: 3 of 4 subjects lack something: sub-02 (FLAIR)"))
                .anyMatch(note -> note.equals("1 rows of participants.tsv belong to no subject in the folder: sub-77"));
        Files.delete(folder.resolve("sub-01/anat/sub-01_FLAIR.nii.gz"));
        refused("folders (sub-01) with the setting 'key': no subject is complete", Map.of("missing", "leave-out"));
    }

    @Test
    void imagesOfSeveralShapesAreNamedWithTheRemedy() throws IOException {
        put("a/T1/1.nii", 1);
        put("b/T1/1.nii", 1, 2, 3, 5);
        put("c/T1/1.nii", 1, 4, 3, 2);
        put("d/T1/1.nii", 1);
        refused(
                "2 of 4 samples of 'T1' have another shape than the first (a/T1/1.nii, [1, 4, 3, 2]): b/T1/1.nii"
                        + " [1, 5, 3, 2]; c/T1/1.nii [1, 2, 3, 4]. Bring all to one spacing and size, e.g. with",
                Map.of());
        assertThat(open(Map.of("transforms", "size=4x4x4")).columns().getFirst().shape())
                .containsExactly(1L, 4L, 4L, 4L);
    }

    @Test
    void aMaskHoldsLabelsAndIsNotScaled() throws IOException {
        NiftiBytes.write(folder.resolve("a/T1/1.nii"), NiftiBytes.of(new int[] {2, 2, 1}, 0, 10, 20, 30));
        NiftiBytes.write(folder.resolve("a/seg/1.nii"), NiftiBytes.of(new int[] {2, 2, 1}, 0, 3, 3, 7));
        var source = open(Map.of("masks", "seg", "transforms", "resize=1x4x2 minmax fill=-1 pad=1x5x2"));
        assertThat(Samples.read(source, "seg", 0).toDoubles()).containsExactly(0, 3, 0, 3, 3, 7, 3, 7, 0, 0);
        assertThat(Arrays.stream(Samples.read(source, "T1", 0).toDoubles()).max())
                .hasValue(1);
        assertThat(Arrays.stream(Samples.read(source, "T1", 0).toDoubles()).min())
                .hasValue(-1);
        refused("'seg' is a mask, whose labels cannot be scaled", Map.of("masks", "seg", "seg", "zscore"));
        NiftiBytes.write(folder.resolve("a/seg/1.nii"), NiftiBytes.of(new int[] {2, 2, 1}, 0, 3, 3, 0.5f));
        refused("a/seg/1.nii: it is to be a mask, but its voxels are not all whole", Map.of("masks", "seg"));
    }

    @Test
    void aMaskOnAnotherGridIsNoted() throws IOException {
        put("a/T1/1.nii", 1);
        put("a/seg/1.nii", 1);
        put("b/T1/1.nii", 1);
        put("b/seg/1.nii", 1);
        assertThat(DatasetKinds.describe(stored(Map.of())).notes())
                .containsExactly(
                        "'seg' is read as an image, and interpolated where it is resampled; if it holds labels, set"
                                + " masks=seg");
        var moved = NiftiBytes.filled(1, 2, 3, 4);
        ByteBuffer.wrap(moved).order(ByteOrder.LITTLE_ENDIAN).putFloat(292, 1.5f);
        NiftiBytes.write(folder.resolve("b/seg/1.nii"), moved);
        assertThat(DatasetKinds.describe(stored(Map.of("masks", "seg"))).notes())
                .singleElement()
                .asString()
                .startsWith("the mask 'seg' lies on another grid than 'T1' in 1 of 2 samples (b): voxel by voxel");
        // the same grid, stored from right to left
        var reversed = NiftiBytes.filled(1, 2, 3, 4);
        ByteBuffer.wrap(reversed)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(280, -1)
                .putFloat(292, 1);
        NiftiBytes.write(folder.resolve("b/seg/1.nii"), reversed);
        assertThat(DatasetKinds.describe(stored(Map.of("masks", "seg"))).notes())
                .isEmpty();
    }

    @Test
    void settingsThatSayNothingSensibleAreRefused() throws IOException {
        put("a/T1/1.nii", 1);
        refused(
                "'T2' is neither a setting (demographics, key, masks, missing, modalities, transforms) nor",
                Map.of("T2", "zscore"));
        refused("'MODALITY' is neither", Map.of("MODALITY", "zscore"));
        refused("each once, not 'T1,,T1'", Map.of("modalities", "T1,,T1"));
        refused("no file '../../secret.csv' in the folder", Map.of("demographics", "../../secret.csv"));
        refused("there is no participants.tsv", Map.of("key", "id"));
        refused("is no name for a modality", Map.of("masks", "../T1"));
        text("participants.tsv", "participant_id\tT1\na\t1\n");
        refused("has a column 'T1', which is a modality's name", Map.of());
        text("participants.tsv", "participant_id\tsubject\na\t1\n");
        refused("has a column 'subject', a name that the dataset uses already", Map.of());
        text("participants.tsv", "participant_id\tage\na\t1\nb\t3\na\t2\n");
        refused("two rows have one value in column 'participant_id'", Map.of());
        text("participants.tsv", "participant_id\tage\na\t1\t3\n");
        refused("participants.tsv, line 2", Map.of());
    }

    @Test
    void foldersThatAreLaidOutOtherwiseAreRefused() throws IOException {
        refused("holds no image whose name ends in .nii", Map.of());
        put("a.nii", 1);
        refused("1 of 1 images are not where", Map.of());
        refused("a.nii; is it the folder that holds the subjects' folders?", Map.of());
        put("a/T1/1.nii", 1);
        put("b/T1/1.nii", 1);
        refused(
                "1 of 3 images are not where those in folders called by their modalities are: a.nii; move or",
                Map.of());
        Files.delete(folder.resolve("a.nii"));
        put("b/T1/2.nii", 1);
        refused("of the modality 'T1': b/T1/1.nii and b/T1/2.nii; leave one of them", Map.of());
        Files.delete(folder.resolve("b/T1/2.nii"));
        put("b/T 1\n/x.nii", 1);
        refused("is no name for a modality", Map.of());
    }

    @Test
    void brokenAndHostileFilesAreNamed() throws IOException {
        put("a/T1/1.nii.gz", 1);
        put("b/T1/1.nii.gz", 1);
        var bad = folder.resolve("b/T1/1.nii.gz");
        var whole = Files.readAllBytes(bad);
        Files.write(bad, Arrays.copyOf(whole, whole.length - 12));
        refused("b/T1/1.nii.gz: it ends too early; copy it again", Map.of());
        Files.writeString(bad, "no image");
        refused("b/T1/1.nii.gz: it does not start as a NIfTI", Map.of());
        // 2^31 - 1 voxels along an axis of NIfTI-2 have no room in NIfTI-1: 32,767 each
        var huge = NiftiBytes.filled(1, 2, 3, 4);
        ByteBuffer.wrap(huge)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort(42, Short.MAX_VALUE)
                .putShort(44, Short.MAX_VALUE);
        NiftiBytes.write(bad, huge);
        refused("b/T1/1.nii.gz: ", Map.of());
        NiftiBytes.write(bad, NiftiBytes.of(new int[] {1, 1, 2}, 1, Float.NaN));
        refused("b/T1/1.nii.gz: it holds values that are not finite", Map.of("transforms", "size=4x3x2"));
        assertThat(open(Map.of("transforms", "nan=0 size=4x3x2")).samples()).isEqualTo(2);
        var flat = NiftiBytes.filled(1, 2, 3, 4);
        ByteBuffer.wrap(flat).order(ByteOrder.LITTLE_ENDIAN).putFloat(320, 0);
        NiftiBytes.write(bad, flat);
        refused("b/T1/1.nii.gz: its affine (sform or qform) has not three directions", Map.of());
        Files.delete(bad);
        Files.createSymbolicLink(bad, folder);
        refused("b/T1/1.nii.gz is a link", Map.of());
        Files.delete(bad);
        Files.createSymbolicLink(bad, folder.resolve("a/T1/1.nii.gz"));
        refused("b/T1/1.nii.gz is a link", Map.of());
    }

    /** NIfTI-2 has 64 bits for a size. */
    @Test
    void aSizeOfTwoToTheThirtyFirstIsRefusedUnread() throws IOException {
        var header = ByteBuffer.allocate(600).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(0, 540).put(4, new byte[] {'n', '+', '2', 0, 13, 10, 26, 10});
        header.putShort(12, (short) 2).putShort(14, (short) 8).putLong(16, 3);
        header.putLong(24, 1L << 31).putLong(32, 1).putLong(40, 1).putLong(168, 544);
        NiftiBytes.write(folder.resolve("a/T1/1.nii"), header.array());
        refused("a/T1/1.nii: ", Map.of());
    }

    @Test
    void aChangeOfContentNameOrReadingIsAnotherFingerprint() throws IOException {
        put("a/T1/1.nii", 1);
        put("b/T1/1.nii", 2);
        text("participants.tsv", "id\tage\na\t1\nb\t2\n");
        var before = open(Map.of()).fingerprint();
        assertThat(open(Map.of()).fingerprint()).isEqualTo(before);
        assertThat(open(Map.of("T1", "zscore")).fingerprint()).isNotEqualTo(before);
        text("participants.tsv", "id\tage\na\t1\nb\t3\n");
        assertThat(open(Map.of()).fingerprint()).isNotEqualTo(before);
    }
}
