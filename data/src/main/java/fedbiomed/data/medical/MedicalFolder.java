package fedbiomed.data.medical;

import fedbiomed.data.medical.StandardNifti.Grid;
import fedbiomed.data.source.DataFolder;
import fedbiomed.data.source.ReadProgress;
import fedbiomed.data.source.SampleSource;
import fedbiomed.data.source.StoredDataset;
import fedbiomed.data.tabular.SampleTable;
import fedbiomed.data.volume.SoundVolumes;
import fedbiomed.data.volume.VolumeArray;
import fedbiomed.data.volume.VolumeTransforms;
import fedbiomed.vocabulary.ColumnDescription;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A folder of subjects, each with a NIfTI image of every modality; a sample is a subject, or one of its sessions. An array a
 * modality, {@code [channels, z, y, x]} F32, masks I32; column {@value #SUBJECT}, I64, the subject's number, so that
 * sessions of one are kept together; the columns of the demographics. The subjects' names are not part of it.
 */
public final class MedicalFolder implements SampleSource {
    public static final String SUBJECT = "subject";

    private static final String MASKS = "masks";
    private static final String DEMOGRAPHICS = "demographics";
    private static final String KEY = "key";
    private static final String MISSING = "missing";
    private static final String TRANSFORMS = "transforms";
    private static final String PARTICIPANTS = "participants.tsv";
    private static final int PLACES = 3;
    /** What label maps are usually called. */
    private static final Pattern LABEL_NAMES = Pattern.compile("(?i)(.*[_-])?(d?seg|mask|labels?|lesions?|roi|parc)");

    /** What the data manager may say about the reading, with explanations. */
    public static final SortedMap<String, String> SETTINGS = Collections.unmodifiableSortedMap(new TreeMap<>(Map.of(
            Scans.MODALITIES,
            "which are read, by commas, e.g. T1w,FLAIR or run-1_T1w (without it all)",
            MASKS,
            "which of them are label maps, by commas: whole numbers, nearest neighbour",
            DEMOGRAPHICS,
            "the CSV or TSV file of the subjects in the folder (without it participants.tsv, if it is there)",
            KEY,
            "its column with the subjects' folders (without it the first, BIDS' participant_id)",
            MISSING,
            "refuse or leave-out: subjects that lack a modality or a row (without it refuse)",
            TRANSFORMS,
            "for all modalities without their own: " + VolumeTransforms.SYNTAX,
            StoredDataset.MODALITY,
            "transforms of that modality, e.g. --set T1w=\"resample=1x1x1 size=64x64x64 zscore\"")));

    private final Path folder;
    private final List<String> subjects;
    private final Scans scans;
    private final List<VolumeArray> arrays;
    private final SampleTable table;
    private final @Nullable String demographics;
    private final SortedMap<String, String> settings;
    private final List<String> notes;

    private MedicalFolder(
            Path folder,
            List<String> subjects,
            Scans scans,
            List<VolumeArray> arrays,
            SampleTable table,
            @Nullable String demographics,
            SortedMap<String, String> settings,
            List<String> notes) {
        this.folder = folder;
        this.subjects = subjects;
        this.scans = scans;
        this.arrays = arrays;
        this.table = table;
        this.demographics = demographics;
        this.settings = settings;
        this.notes = List.copyOf(notes);
    }

    /**
     * Looks at the names, the demographics and the first subject's images.
     *
     * @throws FedbiomedException DATA_UNFIT naming what is missing or contradicts itself, and the remedy
     */
    public static MedicalFolder open(Path path, SortedMap<String, String> settings) {
        var folder = DataFolder.of(path);
        var asked = list(settings, Scans.MODALITIES);
        var masks = list(settings, MASKS);
        var scans = Scans.of(folder, asked.isEmpty() ? null : asked, masks);
        requireKnown(settings, scans.modalities());
        var demographics = demographics(folder, settings);
        var subjects = new Completeness(scans, path, demographics, settings.getOrDefault(KEY, ""))
                .complete(leavesOut(settings));
        var arrays = scans.modalities().stream()
                .map(modality -> VolumeArray.of(
                        modality,
                        PLACES,
                        masks.contains(modality),
                        transforms(modality, masks.contains(modality), settings),
                        scans.file(subjects.names().getFirst(), modality),
                        StandardNifti.in(path)))
                .toList();
        var table = SampleTable.of(SUBJECT, numbers(subjects.names()));
        if (demographics != null) {
            var joined = SampleTable.joined(
                    folder.path(demographics),
                    settings.getOrDefault(KEY, ""),
                    subjects.names().stream().map(MedicalFolder::subject).toList(),
                    SUBJECT);
            requireApart(demographics, joined, scans.modalities());
            table = table.with(joined, Text.shown(demographics));
        }
        return new MedicalFolder(
                path, subjects.names(), scans, arrays, table, demographics, settings, subjects.notes());
    }

    private static List<String> list(SortedMap<String, String> settings, String setting) {
        var text = settings.get(setting);
        if (text == null) {
            return List.of();
        }
        var names = Arrays.stream(text.split(",", -1)).map(String::strip).toList();
        if (names.contains("") || new LinkedHashSet<>(names).size() < names.size()) {
            throw unfit("the setting '" + setting + "' is one or more modalities with commas between, each once, not '"
                    + Text.shown(text) + "'");
        }
        return names;
    }

    private static void requireKnown(SortedMap<String, String> settings, List<String> modalities) {
        for (var setting : settings.keySet()) {
            if (!SETTINGS.containsKey(setting) && !modalities.contains(setting)
                    || setting.equals(StoredDataset.MODALITY)) {
                throw unfit("'" + Text.shown(setting) + "' is neither a setting ("
                        + String.join(
                                ", ",
                                SETTINGS.keySet().stream()
                                        .filter(name -> !name.equals(StoredDataset.MODALITY))
                                        .toList())
                        + ") nor a modality that is read (" + Scans.shown(modalities) + ")");
            }
        }
    }

    private static @Nullable String demographics(DataFolder folder, SortedMap<String, String> settings) {
        var file = folder.file(DEMOGRAPHICS, settings, PARTICIPANTS::equals, PARTICIPANTS);
        if (file == null && settings.containsKey(KEY)) {
            throw unfit("the setting '" + KEY + "' names a column, but there is no " + PARTICIPANTS
                    + "; say which file it is in with the setting '" + DEMOGRAPHICS + "'");
        }
        return file;
    }

    private static boolean leavesOut(SortedMap<String, String> settings) {
        return switch (settings.getOrDefault(MISSING, "refuse")) {
            case "refuse" -> false;
            case "leave-out" -> true;
            default ->
                throw unfit("the setting '" + MISSING + "' is refuse or leave-out, not '"
                        + Text.shown(settings.getOrDefault(MISSING, "")) + "'");
        };
    }

    private static VolumeTransforms transforms(String modality, boolean mask, SortedMap<String, String> settings) {
        var own = SETTINGS.containsKey(modality) ? null : settings.get(modality);
        if (own != null) {
            var transforms = VolumeTransforms.parse(modality, own, PLACES);
            if (mask && transforms.changesIntensities()) {
                throw unfit(
                        "'" + modality + "' is a mask, whose labels cannot be scaled; leave zscore and minmax out of"
                                + " its transforms");
            }
            return transforms;
        }
        var general = settings.get(TRANSFORMS);
        if (general == null) {
            return VolumeTransforms.none();
        }
        var transforms = VolumeTransforms.parse(TRANSFORMS, general, PLACES);
        return mask ? transforms.ofLabels() : transforms;
    }

    private static void requireApart(String demographics, SampleTable table, List<String> modalities) {
        for (var modality : modalities) {
            if (table.has(modality)) {
                throw unfit(Text.shown(demographics) + " has a column '" + modality
                        + "', which is a modality's name; rename it");
            }
        }
    }

    /** The subject's folder alone. */
    static String subject(String subjectAndSession) {
        int slash = subjectAndSession.indexOf('/');
        return slash < 0 ? subjectAndSession : subjectAndSession.substring(0, slash);
    }

    private static long[] numbers(List<String> subjects) {
        var numbers = new TreeMap<String, Long>();
        subjects.forEach(name -> numbers.putIfAbsent(subject(name), (long) numbers.size()));
        return subjects.stream()
                .mapToLong(name -> numbers.getOrDefault(subject(name), 0L))
                .toArray();
    }

    @Override
    public int samples() {
        return subjects.size();
    }

    @Override
    public List<ColumnDescription> columns() {
        var columns = new ArrayList<ColumnDescription>();
        arrays.forEach(array -> columns.add(array.description()));
        columns.addAll(table.columns());
        return columns;
    }

    @Override
    public void read(String array, int sample, MemorySegment into) {
        for (var volumes : arrays) {
            if (volumes.name().equals(array)) {
                volumes.read(scans.file(subjects.get(sample), array), StandardNifti.in(folder), into);
                return;
            }
        }
        table.read(array, sample, into);
    }

    @Override
    public @Nullable String[] texts(String column) {
        return table.texts(column);
    }

    @Override
    public void requireSound(ReadProgress progress) {
        long all = (long) arrays.size() * subjects.size();
        long before = 0;
        for (var array : arrays) {
            long read = before;
            SoundVolumes.require(
                    array,
                    subjects.stream()
                            .map(subject -> scans.file(subject, array.name()))
                            .toList(),
                    StandardNifti.in(folder),
                    (done, _) -> progress.read(read + done, all));
            before += subjects.size();
        }
    }

    @Override
    public List<String> notes() {
        var all = new ArrayList<>(notes);
        for (var mask : arrays) {
            if (!mask.isLabels() && LABEL_NAMES.matcher(mask.name()).matches()) {
                all.add("'" + mask.name() + "' is read as an image, and interpolated where it is resampled; if it holds"
                        + " labels, set " + MASKS + "=" + mask.name());
            }
            for (var image : arrays) {
                if (mask.isLabels() && !image.isLabels()) {
                    noteGrids(mask.name(), image.name(), all);
                }
            }
        }
        return all;
    }

    /** A mask that was drawn on another grid does not fit its image, and nothing else would tell. */
    private void noteGrids(String mask, String image, List<String> into) {
        var apart = subjects.stream()
                .filter(subject -> !Grid.of(folder.resolve(scans.file(subject, mask)))
                        .isThatOf(Grid.of(folder.resolve(scans.file(subject, image)))))
                .toList();
        if (!apart.isEmpty()) {
            into.add(
                    "the mask '" + mask + "' lies on another grid than '" + image + "' in " + apart.size() + " of "
                            + subjects.size() + " samples (" + Scans.shown(apart)
                            + "): voxel by voxel they do not fit; for a segmentation bring the masks onto the images' grid first");
        }
    }

    @Override
    public String fingerprint() {
        var read = new ArrayList<String>();
        for (var array : arrays) {
            subjects.forEach(subject -> read.add(scans.file(subject, array.name())));
        }
        if (demographics != null) {
            read.add(demographics);
        }
        return DataFolder.fingerprint(folder, read, settings);
    }

    private static FedbiomedException unfit(String what) {
        return new FedbiomedException(ErrorCode.DATA_UNFIT, what);
    }
}
