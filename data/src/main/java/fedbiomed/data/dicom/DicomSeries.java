package fedbiomed.data.dicom;

import fedbiomed.data.volume.Orientation;
import fedbiomed.data.volume.VolumeFile;
import fedbiomed.data.volume.VolumeProblem;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * The files of one series in one folder, a slice each, as a volume {@code [slice, row, column]}. Slices are ordered by where
 * Image Position (Patient) lies along the normal of Image Orientation (Patient), ascending; where a file lacks them, by
 * Instance Number. A folder that holds anything else, of two series, of slices that do not match, lie twice at one place, or
 * leave a gap, is refused: a slice left out would change a study. Values are those of {@link DicomFile}.
 *
 * <p>Slices that are shifted against each other (a tilted gantry) are stacked as they are.
 */
public final class DicomSeries implements VolumeFile {
    /** More files than a volume has slices. */
    public static final int MAX_FILES = 10_000;

    private final List<DicomFile> slices;
    private final double sliceDistance;

    private DicomSeries(SliceOrder order) {
        this.slices = order.slices();
        this.sliceDistance = order.distance();
    }

    /** As {@link #open(Path, long)} with {@link VolumeFile#MAX_VOXELS}. */
    public static DicomSeries open(Path folder) {
        return open(folder, MAX_VOXELS);
    }

    /**
     * Reads and checks the headers of all files of the folder, those that start with a dot and a DICOMDIR aside. Folders
     * within it are not looked at.
     *
     * @param maxVoxels of the volume, 1 to 2^31 - 9; what declares more is refused
     * @throws FedbiomedException DATA_UNFIT naming the file and the remedy, if the folder holds no files, or too many, or a
     *     file is none that {@link DicomFile} reads, or they are no series; DATASET_CHANGED if there is no such folder
     */
    public static DicomSeries open(Path folder, long maxVoxels) {
        var problem = new VolumeProblem(folder);
        var files = new ArrayList<DicomFile>();
        long voxels = 0;
        for (var path : paths(folder, problem)) {
            var file = DicomFile.open(path, maxVoxels);
            voxels += file.voxels();
            if (voxels > maxVoxels) {
                throw problem.of("its files declare more than " + maxVoxels
                        + " pixels; if that is right, cut the series into smaller ones");
            }
            files.add(file);
        }
        return new DicomSeries(SliceOrder.of(files, problem));
    }

    /** Some files of a folder, at least one. @throws FedbiomedException as {@link #open(Path)} */
    static DicomSeries of(List<DicomFile> files, Path folder) {
        return new DicomSeries(SliceOrder.of(files, new VolumeProblem(folder)));
    }

    /** Which way slices, rows and columns run; {@code null} where the files do not say. */
    @Nullable
    Orientation orientation() {
        for (var slice : slices) {
            if (slice.key().plane() == null) {
                return null;
            }
        }
        return Objects.requireNonNull(slices.getFirst().key().plane()).orientation(false);
    }

    private static List<Path> paths(Path folder, VolumeProblem problem) {
        try (var entries = Files.newDirectoryStream(folder)) {
            var paths = new ArrayList<Path>();
            for (var path : entries) {
                var name = String.valueOf(path.getFileName());
                if (!name.startsWith(".") && !name.equals("DICOMDIR") && !Files.isDirectory(path)) {
                    paths.add(path);
                }
                if (paths.size() > MAX_FILES) {
                    throw problem.of(
                            "it has more than " + MAX_FILES + " files; put each series in a folder of its own");
                }
            }
            if (paths.isEmpty()) {
                throw problem.of("it has no files; name the folder that holds the slices themselves");
            }
            paths.sort(null);
            return paths;
        } catch (IOException e) {
            throw problem.unreadable(e);
        } catch (DirectoryIteratorException e) {
            throw problem.of("reading it failed (" + e.getClass().getSimpleName() + "); check the disk it lies on");
        }
    }

    /** In the volume's order. */
    public List<DicomHeader> headers() {
        return slices.stream().map(DicomFile::header).toList();
    }

    /** The values that all slices have alike. */
    public Map<DicomAttribute, String> attributes() {
        var common = new EnumMap<DicomAttribute, String>(DicomAttribute.class);
        common.putAll(slices.getFirst().header().attributes());
        for (var slice : slices) {
            common.entrySet()
                    .removeIf(e ->
                            !e.getValue().equals(slice.header().attributes().get(e.getKey())));
        }
        return Map.copyOf(common);
    }

    /** As {@link DicomHeader#number}, of {@link #attributes}. */
    public OptionalDouble number(DicomAttribute attribute) {
        return DicomHeader.number(attribute, attributes());
    }

    @Override
    public int[] shape() {
        var plane = slices.getFirst().shape();
        return new int[] {slices.size(), plane[0], plane[1]};
    }

    /** mm between slices, rows and columns. */
    @Override
    public double[] spacing() {
        var plane = slices.getFirst().spacing();
        return new double[] {sliceDistance, plane[0], plane[1]};
    }

    @Override
    public String storedType() {
        return slices.getFirst().storedType();
    }

    @Override
    public void readInto(MemorySegment target) {
        if (target.byteSize() < 4 * voxels()) {
            throw new IllegalArgumentException(
                    "a target of " + target.byteSize() + " bytes for " + voxels() + " voxels of 4 bytes");
        }
        long at = 0;
        for (var slice : slices) {
            long bytes = 4 * slice.voxels();
            slice.readInto(target.asSlice(at, bytes));
            at += bytes;
        }
    }
}
