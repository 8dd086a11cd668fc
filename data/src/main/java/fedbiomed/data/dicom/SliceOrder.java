package fedbiomed.data.dicom;

import fedbiomed.data.volume.VolumeProblem;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Files of a folder as the slices of one volume.
 *
 * @param slices in order
 * @param distance of neighbouring slices, mm; 1 where the files do not say
 */
record SliceOrder(List<DicomFile> slices, double distance) {
    /** What distances may differ by from the usual one, as a part of it: positions are written with few digits. */
    private static final double DISTANCE_TOLERANCE = 0.1;
    /** Slices nearer than this lie at the same place; mm. */
    private static final double SAME_PLACE_MM = 0.01;
    /** What pixel spacings may differ by, as a part. */
    private static final double SPACING_TOLERANCE = 1e-3;

    /** @throws FedbiomedException DATA_UNFIT naming two files that do not go together, and why */
    static SliceOrder of(List<DicomFile> files, VolumeProblem folder) {
        var first = files.getFirst();
        boolean placed = true;
        for (var file : files) {
            requireMatch(first, file, folder);
            placed &= file.key().plane() != null;
        }
        return placed ? byPosition(files, folder) : byNumber(files, folder);
    }

    private static void requireMatch(DicomFile first, DicomFile file, VolumeProblem folder) {
        var what = difference(first, file);
        if (what != null) {
            throw folder.of(both(first, file) + " are not slices of one volume: they differ in " + what
                    + "; put each series in a folder of its own");
        }
        if (file.key().malformed()) {
            throw folder.of(
                    name(file) + ": Image Position (0020,0032) is not three numbers, or Image Orientation (0020,0037)"
                            + " not two unit vectors at right angles; write it again with a DICOM tool, or leave the series out");
        }
        if (file.header().pixels().frames() > 1) {
            throw folder.of(name(file) + " has " + file.header().pixels().frames()
                    + " frames; a file of several frames is a volume by itself: read it as a single file");
        }
    }

    private static @Nullable String difference(DicomFile first, DicomFile file) {
        var a = first.header();
        var b = file.header();
        if (!Objects.equals(first.key().seriesUid(), file.key().seriesUid())) {
            return "their series (Series Instance UID)";
        }
        if (a.pixels().rows() != b.pixels().rows()
                || a.pixels().columns() != b.pixels().columns()) {
            return "their size (Rows, Columns)";
        }
        if (a.pixels().monochrome1() != b.pixels().monochrome1()) {
            return "their Photometric Interpretation";
        }
        for (int axis = 0; axis < 2; axis++) {
            double one = first.spacing()[first.spacing().length - 2 + axis];
            double other = file.spacing()[file.spacing().length - 2 + axis];
            if (Math.abs(one - other) > SPACING_TOLERANCE * one) {
                return "their Pixel Spacing";
            }
        }
        var plane = first.key().plane();
        var other = file.key().plane();
        if (plane != null && other != null && !plane.isParallelTo(other)) {
            return "their orientation (Image Orientation (Patient))";
        }
        return null;
    }

    private static SliceOrder byPosition(List<DicomFile> files, VolumeProblem folder) {
        var normal = Objects.requireNonNull(files.getFirst().key().plane());
        var slices = new ArrayList<>(files);
        slices.sort(Comparator.comparingDouble(
                file -> normal.along(Objects.requireNonNull(file.key().plane()))));
        var places = slices.stream()
                .mapToDouble(
                        file -> normal.along(Objects.requireNonNull(file.key().plane())))
                .toArray();
        if (places.length == 1) {
            return new SliceOrder(slices, thickness(slices.getFirst()));
        }
        var distances = new double[places.length - 1];
        for (int i = 0; i < distances.length; i++) {
            distances[i] = places[i + 1] - places[i];
            if (distances[i] < SAME_PLACE_MM) {
                throw folder.of(both(slices.get(i), slices.get(i + 1)) + " lie at the same place: phases, echoes or"
                        + " copies; put each volume in a folder of its own");
            }
        }
        var sorted = distances.clone();
        Arrays.sort(sorted);
        double usual = sorted[sorted.length / 2];
        for (int i = 0; i < distances.length; i++) {
            if (Math.abs(distances[i] - usual) > DISTANCE_TOLERANCE * usual + SAME_PLACE_MM) {
                throw folder.of(both(slices.get(i), slices.get(i + 1)) + " are " + rounded(distances[i])
                        + " mm apart, others " + rounded(usual)
                        + " mm: slices are missing, or not evenly spaced; complete the series, or leave it out");
            }
        }
        return new SliceOrder(slices, (places[places.length - 1] - places[0]) / distances.length);
    }

    private static double thickness(DicomFile slice) {
        double thickness = slice.header().number(DicomAttribute.SLICE_THICKNESS).orElse(1);
        return thickness > 0 ? thickness : 1;
    }

    private static SliceOrder byNumber(List<DicomFile> files, VolumeProblem folder) {
        for (var file : files) {
            if (files.size() > 1 && file.key().number() == null) {
                throw folder.of(
                        name(file) + " has neither Image Position (Patient) nor Instance Number, so that its place"
                                + " among the slices is not known; leave the series out");
            }
        }
        var slices = new ArrayList<>(files);
        slices.sort(Comparator.comparingInt(SliceOrder::number));
        for (int i = 0; i + 1 < slices.size(); i++) {
            long step = (long) number(slices.get(i + 1)) - number(slices.get(i));
            if (step != 1) {
                throw folder.of(both(slices.get(i), slices.get(i + 1)) + " have "
                        + (step == 0
                                ? "the same Instance Number; put each volume in a folder of its own"
                                : "Instance Numbers with a gap between: slices are missing; complete the series, or leave"
                                        + " it out"));
            }
        }
        var between = slices.getFirst().header().number(DicomAttribute.SPACING_BETWEEN_SLICES);
        double distance = Math.abs(between.orElse(0));
        return new SliceOrder(slices, distance > 0 ? distance : thickness(slices.getFirst()));
    }

    private static int number(DicomFile file) {
        return Objects.requireNonNullElse(file.key().number(), 0);
    }

    private static String rounded(double millimetres) {
        return String.format(Locale.ROOT, "%.2f", millimetres);
    }

    private static String both(DicomFile one, DicomFile other) {
        return name(one) + " and " + name(other);
    }

    private static String name(DicomFile file) {
        return Text.shown(String.valueOf(file.problem().file().getFileName()), 60);
    }
}
