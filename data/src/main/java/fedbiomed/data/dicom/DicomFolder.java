package fedbiomed.data.dicom;

import fedbiomed.data.source.DataFolder;
import fedbiomed.data.source.ReadProgress;
import fedbiomed.data.source.SampleSource;
import fedbiomed.data.tabular.KeyedTable;
import fedbiomed.data.tabular.SampleTable;
import fedbiomed.data.volume.SoundVolumes;
import fedbiomed.data.volume.Volume;
import fedbiomed.data.volume.VolumeArray;
import fedbiomed.data.volume.VolumeTransforms;
import fedbiomed.vocabulary.ColumnDescription;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A folder of DICOM files. A sample is a series, wherever its slices lie, or with {@code sample=file} a file. Array
 * {@value #IMAGE}, F32: of a series {@code [1, z, y, x]}, of a file {@code [frames, rows, columns]}. Columns: the header
 * fields that are asked for, and those of a CSV file of labels.
 */
public final class DicomFolder implements SampleSource {
    public static final String IMAGE = "image";

    private static final String SAMPLE = "sample";
    private static final String FIELDS = "fields";
    private static final String LABELS = "labels";
    private static final String KEY = "key";
    private static final String TRANSFORMS = "transforms";
    private static final String ORIENTATION = "orientation";
    private static final String MONOCHROME1 = "monochrome1";
    /** As a key of the labels: by series, instead of by folder. */
    private static final String SERIES_UID = "SeriesInstanceUID";

    private static final Pattern NO_IMAGES =
            Pattern.compile("(?is)(.*/)?DICOMDIR|.*\\.(csv|tsv|txt|md|json|xml|html?|pdf|log)");

    /** What the data manager may say about the reading, with explanations. */
    public static final SortedMap<String, String> SETTINGS = Collections.unmodifiableSortedMap(new TreeMap<>(Map.of(
            SAMPLE, "series or file (without it series): what a sample is",
            FIELDS, "header fields that become columns, by commas, e.g. PatientAge,PatientSex,Modality",
            LABELS, "the CSV or TSV file of labels in the folder (without it the only one there is, or none)",
            KEY, "its column with the samples' folders or files, or " + SERIES_UID + " (without it the first)",
            TRANSFORMS,
                    "e.g. --set transforms=\"resample=1x1x1 size=64x64x64 zscore\" (of files HEIGHTxWIDTH): "
                            + VolumeTransforms.SYNTAX,
            ORIENTATION, "standard or as-stored (without it standard: series are turned to one orientation)",
            MONOCHROME1, "invert or keep (without it invert: all images show the highest value white)")));

    private final Path folder;
    private final List<DicomImage> images;
    private final Reading reading;
    private final VolumeArray array;
    private final SampleTable table;
    private final @Nullable String labels;
    private final SortedMap<String, String> settings;

    /** How images are read. */
    private record Reading(boolean series, boolean standard, boolean inverted) {
        static Reading of(SortedMap<String, String> settings) {
            boolean series = choice(settings, SAMPLE, "series", "file");
            if (!series && settings.containsKey(ORIENTATION)) {
                throw unfit("the setting '" + ORIENTATION + "' is of series; files are read as they are stored");
            }
            return new Reading(
                    series,
                    choice(settings, ORIENTATION, "standard", "as-stored"),
                    choice(settings, MONOCHROME1, "invert", "keep"));
        }

        private static boolean choice(SortedMap<String, String> settings, String name, String usual, String other) {
            var value = settings.getOrDefault(name, usual);
            if (!value.equals(usual) && !value.equals(other)) {
                throw unfit("the setting '" + name + "' is " + usual + " or " + other + ", not '" + Text.shown(value)
                        + "'");
            }
            return value.equals(usual);
        }
    }

    /** Images by name. */
    private record Reader(Reading reading, Map<String, DicomImage> images) implements VolumeArray.Reader {
        static Reader of(Reading reading, DicomImage image) {
            return new Reader(reading, Map.of(image.name(), image));
        }

        private DicomImage image(String name) {
            return Objects.requireNonNull(images.get(name), name);
        }

        @Override
        public Volume read(String name) {
            return reading.series
                    ? image(name).read(reading.standard, reading.inverted)
                    : image(name).readPlane(reading.inverted);
        }

        @Override
        public long voxels(String name) {
            return image(name).volume().voxels();
        }
    }

    private DicomFolder(
            Path folder,
            List<DicomImage> images,
            Reading reading,
            VolumeArray array,
            SampleTable table,
            @Nullable String labels,
            SortedMap<String, String> settings) {
        this.folder = folder;
        this.images = images;
        this.reading = reading;
        this.array = array;
        this.table = table;
        this.labels = labels;
        this.settings = settings;
    }

    /**
     * Reads all headers, the labels and the first image.
     *
     * @throws FedbiomedException DATA_UNFIT naming what does not go together, and the remedy
     */
    public static DicomFolder open(Path path, SortedMap<String, String> settings) {
        var folder = DataFolder.of(path);
        var reading = Reading.of(settings);
        int axes = reading.series ? 3 : 2;
        var text = settings.get(TRANSFORMS);
        var transforms = text == null ? VolumeTransforms.none() : VolumeTransforms.parse(TRANSFORMS, text, axes);
        var asked = settings.get(FIELDS);
        var fields = asked == null ? new DicomFields(List.of()) : DicomFields.parse(FIELDS, asked);
        var files = DicomFiles.open(
                folder,
                folder.files().stream()
                        .filter(file -> !NO_IMAGES.matcher(file).matches())
                        .toList());
        var images = reading.series ? series(path, files) : files(files);
        if (!reading.standard) {
            requireOneOrientation(images);
        }
        var labels = labels(folder, settings);
        var table = fields.table(images.stream().map(DicomImage::attributes).toList());
        if (labels != null) {
            table = table.with(joined(folder, labels, images, settings), Text.shown(labels));
        }
        if (table.has(IMAGE)) {
            throw unfit(labels + " has a column '" + IMAGE + "', which is the images' own name; rename it");
        }
        var first = images.getFirst();
        var array = VolumeArray.of(IMAGE, axes, false, transforms, first.name(), Reader.of(reading, first));
        return new DicomFolder(path, images, reading, array, table, labels, settings);
    }

    private static List<DicomImage> files(SortedMap<String, DicomFile> files) {
        var images = new ArrayList<DicomImage>();
        files.forEach((name, file) -> images.add(DicomImage.of(name, file)));
        return images;
    }

    private static List<DicomImage> series(Path root, SortedMap<String, DicomFile> files) {
        var series = new LinkedHashMap<String, SortedMap<String, DicomFile>>();
        files.forEach((name, file) -> {
            var uid = file.key().seriesUid();
            int slash = name.lastIndexOf('/');
            // a slash is in no identifier
            var key = uid != null ? uid : slash < 0 ? "/" : name.substring(0, slash + 1);
            series.computeIfAbsent(key, _ -> new TreeMap<>()).put(name, file);
        });
        return series.values().stream()
                .map(slices -> DicomImage.ofSeries(root, slices))
                .toList();
    }

    private static void requireOneOrientation(List<DicomImage> images) {
        DicomImage first = null;
        for (var image : images) {
            if (image.orientation() == null) {
                continue;
            }
            if (first == null) {
                first = image;
            } else if (!image.orientation().toString().equals(String.valueOf(first.orientation()))) {
                throw unfit(Text.shown(image.name()) + ": its slices, rows and columns run to " + image.orientation()
                        + ", those of " + Text.shown(first.name()) + " to " + first.orientation()
                        + "; leave orientation=as-stored away, or put them into different datasets");
            }
        }
    }

    private static @Nullable String labels(DataFolder folder, SortedMap<String, String> settings) {
        var file = folder.file(
                LABELS, settings, name -> name.toLowerCase(Locale.ROOT).matches("(?s).*\\.[ct]sv"), "CSV or TSV files");
        if (file == null && settings.containsKey(KEY)) {
            throw unfit("the setting '" + KEY + "' names a column, but there is no CSV or TSV file of labels");
        }
        return file;
    }

    private static SampleTable joined(
            DataFolder folder, String labels, List<DicomImage> images, SortedMap<String, String> settings) {
        var key = settings.getOrDefault(KEY, "");
        var rows = KeyedTable.read(folder.path(labels), key);
        boolean series = Reading.of(settings).series;
        var keys = images.stream()
                .map(image ->
                        key.equals(SERIES_UID) ? String.valueOf(image.uid()) : named(image.name(), series, rows::has))
                .toList();
        return rows.rows(keys, "sample");
    }

    /** A file by its path; a series by the innermost of the folders around it that has a row: a study's, or a patient's. */
    private static String named(String file, boolean series, Predicate<String> hasRow) {
        if (!series) {
            return file;
        }
        int slash = file.lastIndexOf('/');
        var whole = slash < 0 ? file : file.substring(0, slash);
        for (var folder = whole; !folder.isEmpty(); ) {
            if (hasRow.test(folder)) {
                return folder;
            }
            int end = folder.lastIndexOf('/');
            folder = end < 0 ? "" : folder.substring(0, end);
        }
        return whole;
    }

    @Override
    public int samples() {
        return images.size();
    }

    @Override
    public List<ColumnDescription> columns() {
        var columns = new ArrayList<ColumnDescription>();
        columns.add(array.description());
        columns.addAll(table.columns());
        return columns;
    }

    @Override
    public void read(String name, int sample, MemorySegment into) {
        if (name.equals(IMAGE)) {
            var image = images.get(sample);
            array.read(image.name(), Reader.of(reading, image), into);
        } else {
            table.read(name, sample, into);
        }
    }

    @Override
    public @Nullable String[] texts(String column) {
        return table.texts(column);
    }

    @Override
    public void requireSound(ReadProgress progress) {
        var byName = new TreeMap<String, DicomImage>();
        images.forEach(image -> byName.put(image.name(), image));
        SoundVolumes.require(array, List.copyOf(byName.keySet()), new Reader(reading, byName), progress);
    }

    @Override
    public List<String> notes() {
        var notes = new ArrayList<String>();
        notes.add(
                reading.series
                        ? images.size() + " series of "
                                + images.stream()
                                        .mapToInt(i -> i.files().size())
                                        .sum() + " files"
                        : images.size() + " files");
        long inverse = images.stream().filter(DicomImage::monochrome1).count();
        if (inverse > 0) {
            notes.add(inverse + " of " + images.size() + " are MONOCHROME1 (their lowest value is white), and are "
                    + (reading.inverted ? "inverted" : "kept so"));
        }
        return notes;
    }

    @Override
    public String fingerprint() {
        var read = new ArrayList<String>();
        images.forEach(image -> read.addAll(image.files()));
        if (labels != null) {
            read.add(labels);
        }
        return DataFolder.fingerprint(folder, read, settings);
    }

    private static FedbiomedException unfit(String what) {
        return new FedbiomedException(ErrorCode.DATA_UNFIT, what);
    }
}
