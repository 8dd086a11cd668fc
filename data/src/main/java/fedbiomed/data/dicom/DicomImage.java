package fedbiomed.data.dicom;

import fedbiomed.data.volume.Intensity;
import fedbiomed.data.volume.Orientation;
import fedbiomed.data.volume.Volume;
import fedbiomed.data.volume.VolumeFile;
import fedbiomed.data.volume.VolumeTransforms;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A sample of a folder of DICOM files.
 *
 * @param name its file, or one of its slices, relative to the dataset's folder
 * @param uid of its series
 * @param volume {@code [slice, row, column]}, or {@code [row, column]} or {@code [frame, row, column]} of a file
 * @param files all that it is made of
 * @param orientation of slices, rows and columns; {@code null} where the files do not say
 * @param attributes those that all slices have alike
 */
record DicomImage(
        String name,
        @Nullable String uid,
        VolumeFile volume,
        List<String> files,
        @Nullable Orientation orientation,
        boolean monochrome1,
        Map<DicomAttribute, String> attributes) {
    /** What distances between frames may differ by from the first, as a part of it. */
    private static final double DISTANCE_TOLERANCE = 0.1;

    /** A file by itself. */
    static DicomImage of(String name, DicomFile file) {
        return new DicomImage(
                name,
                file.key().seriesUid(),
                file,
                List.of(name),
                frames(file),
                file.header().pixels().monochrome1(),
                file.header().attributes());
    }

    /**
     * The slices of a series, or a file of several frames.
     *
     * @param slices by name, relative to {@code root}
     * @throws FedbiomedException DATA_UNFIT naming files that do not go together
     */
    static DicomImage ofSeries(Path root, Map<String, DicomFile> slices) {
        var name = slices.keySet().iterator().next();
        var first = slices.values().iterator().next();
        if (slices.size() == 1 && first.header().pixels().frames() > 1) {
            return of(name, first);
        }
        int slash = name.lastIndexOf('/');
        if (slices.values().stream().mapToLong(DicomFile::voxels).sum() > VolumeTransforms.MAX_VOXELS) {
            throw new FedbiomedException(
                    ErrorCode.DATA_UNFIT,
                    Text.shown(name) + ": its series has " + slices.size()
                            + " files of more than 2^27 pixels (512x512x512) together; cut it into smaller ones, or leave it"
                            + " out");
        }
        try {
            var series = DicomSeries.of(
                    new ArrayList<>(slices.values()), slash < 0 ? root : root.resolve(name.substring(0, slash)));
            return new DicomImage(
                    name,
                    first.key().seriesUid(),
                    series,
                    List.copyOf(slices.keySet()),
                    series.orientation(),
                    first.header().pixels().monochrome1(),
                    series.attributes());
        } catch (FedbiomedException e) {
            // the reader names the folder alone, and many may be called so
            var folder = slash < 0 ? "" : name.substring(0, slash);
            var alone = Text.shown(folder.substring(folder.lastIndexOf('/') + 1)) + ": ";
            var what = slash >= 0 && e.text().startsWith(alone) ? e.text().substring(alone.length()) : e.text();
            throw new FedbiomedException(
                    e.code(), (slash < 0 ? "" : Text.shown(folder) + ": ") + what + " (or leave that series out)", e);
        }
    }

    /** Of a file whose frames follow each other at one distance. */
    private static @Nullable Orientation frames(DicomFile file) {
        var plane = file.key().plane();
        var steps = file.key().frameSteps();
        if (plane == null || steps.isEmpty() || steps.getFirst() == 0) {
            return null;
        }
        double first = steps.getFirst();
        boolean even = steps.stream().allMatch(step -> Math.abs(step / first - 1) <= DISTANCE_TOLERANCE);
        return even ? plane.orientation(first < 0) : null;
    }

    /** As a volume of three axes: from inferior to superior, posterior to anterior, left to right, or as it is stored. */
    Volume read(boolean standard, boolean inverted) {
        var stored = inverting(volume.read(), inverted);
        if (!standard) {
            return stored;
        }
        if (orientation == null) {
            throw new FedbiomedException(
                    ErrorCode.DATA_UNFIT,
                    Text.shown(name)
                            + ": its series does not say which way its slices lie (Image Position and Image Orientation), so"
                            + " that nobody can tell left from right; leave it out, or take all as they are stored with"
                            + " orientation=as-stored");
        }
        return orientation.toStandard(stored);
    }

    /** As {@code [row, column, frame]}: frames are channels. */
    Volume readPlane(boolean inverted) {
        var stored = inverting(volume.read(), inverted);
        var shape = stored.shape();
        if (shape.length == 2) {
            return stored;
        }
        int frames = shape[0];
        int pixels = shape[1] * shape[2];
        var values = new float[stored.values().length];
        for (int frame = 0; frame < frames; frame++) {
            for (int i = 0; i < pixels; i++) {
                values[i * frames + frame] = stored.values()[frame * pixels + i];
            }
        }
        var spacing = stored.spacing();
        return new Volume(
                values, new int[] {shape[1], shape[2], frames}, new double[] {spacing[1], spacing[2], spacing[0]});
    }

    private Volume inverting(Volume stored, boolean inverted) {
        return inverted && monochrome1 ? Intensity.inverted(stored) : stored;
    }
}
