package fedbiomed.data.medical;

import fedbiomed.data.source.DataFolder;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which image of which subject is of which modality.
 *
 * @param modalities in the dataset's order
 * @param files of each subject (or session), by modality; a modality that it lacks is not in its map
 */
record Scans(List<String> modalities, SortedMap<String, Map<String, String>> files) {
    static final String MODALITIES = "modalities";

    /** More than these are a mistake: files named by dates, say. */
    private static final int MAX_MODALITIES = 50;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.+-]{0,63}");
    private static final int SHOWN = 12;

    private static final String LAYOUTS = " What is read: BIDS (sub-01/anat/sub-01_T1w.nii.gz, with sessions"
            + " sub-01/ses-1/anat/sub-01_ses-1_T1w.nii.gz), SUBJECT/SUBJECT_MODALITY.nii.gz, or"
            + " SUBJECT/MODALITY/one file of any name";

    /**
     * @param asked {@code null} for all that are no derivatives
     * @param masks further ones
     * @throws FedbiomedException DATA_UNFIT if the folder is not laid out so, or a modality is not there, or there twice
     */
    static Scans of(DataFolder folder, @Nullable List<String> asked, Collection<String> masks) {
        var all = all(folder);
        var modalities = new ArrayList<>(
                asked != null
                        ? asked
                        : new TreeSet<>(all.stream()
                                .filter(scan -> !scan.derivative())
                                .map(ScanFile::suffix)
                                .toList()));
        masks.stream().filter(mask -> !modalities.contains(mask)).forEach(modalities::add);
        requireNames(modalities, all);
        var files = new TreeMap<String, Map<String, String>>();
        for (var scan : all) {
            if (!scan.derivative()) {
                files.computeIfAbsent(scan.subject(), _ -> new LinkedHashMap<>());
            }
        }
        for (var modality : modalities) {
            choose(modality, all)
                    .forEach((subject, scan) -> files.computeIfAbsent(subject, _ -> new LinkedHashMap<>())
                            .put(modality, scan.file()));
        }
        withoutImages(folder, all).forEach(subject -> files.put(subject, new LinkedHashMap<>()));
        return new Scans(List.copyOf(modalities), files);
    }

    private static List<ScanFile> all(DataFolder folder) {
        var bids = folder.files().stream().anyMatch(file -> file.startsWith("sub-") && file.contains("/"));
        var images = folder.files().stream()
                .filter(ScanFile::isImage)
                .filter(file ->
                        !bids || String.valueOf(ScanFile.subjectOf(file)).startsWith("sub-"))
                .toList();
        if (images.isEmpty()) {
            throw unfit(
                    "the folder holds no image whose name ends in .nii or .nii.gz in a subject's folder." + LAYOUTS);
        }
        var otherwiseCalled = others(images, ScanFile::called);
        if (otherwiseCalled.isEmpty()) {
            return read(images, ScanFile::called);
        }
        var otherwiseLaid = others(images, ScanFile::inModalityFolder);
        if (otherwiseLaid.isEmpty()) {
            return read(images, ScanFile::inModalityFolder);
        }
        boolean most = otherwiseCalled.size() <= otherwiseLaid.size();
        var others = most ? otherwiseCalled : otherwiseLaid;
        throw unfit(others.size() + " of " + images.size() + " images are not where "
                + (most ? "files called by their subjects" : "those in folders called by their modalities")
                + " are: " + shown(others)
                + (others.size() == images.size()
                        ? "; is it the folder that holds the subjects' folders?"
                        : "; move or rename them.")
                + LAYOUTS);
    }

    /** Those laid out otherwise; a pipeline's own files among the derivatives may be called anything. */
    private static List<String> others(List<String> images, Function<String, @Nullable ScanFile> layout) {
        return images.stream()
                .filter(image -> layout.apply(image) == null && !ScanFile.isDerivative(image))
                .toList();
    }

    private static List<ScanFile> read(List<String> images, Function<String, @Nullable ScanFile> layout) {
        var scans = new ArrayList<ScanFile>();
        for (var image : images) {
            var scan = layout.apply(image);
            if (scan != null) {
                scans.add(scan);
            }
        }
        return scans;
    }

    private static void requireNames(List<String> modalities, List<ScanFile> all) {
        if (modalities.size() > MAX_MODALITIES) {
            throw unfit("the folder has " + modalities.size() + " modalities (" + shown(modalities)
                    + "); say which are read with the setting '" + MODALITIES + "'");
        }
        for (var modality : modalities) {
            if (!NAME.matcher(modality).matches()) {
                throw unfit(
                        "'" + Text.shown(modality) + "' is no name for a modality: letters, digits and . _ + - (64 at"
                                + " most); rename its folder or files");
            }
            if (all.stream().noneMatch(scan -> scan.is(modality))) {
                var there = new TreeSet<>(all.stream().map(ScanFile::suffix).toList());
                throw unfit("there is no image of the modality '" + modality + "'; the folder has " + shown(there));
            }
        }
    }

    /** Of derivatives only where there is nothing else of that modality: a subject's is not mixed with another's raw one. */
    private static Map<String, ScanFile> choose(String modality, List<ScanFile> all) {
        var fitting = all.stream().filter(scan -> scan.is(modality)).toList();
        boolean derived = fitting.stream().allMatch(ScanFile::derivative);
        var chosen = new TreeMap<String, ScanFile>();
        for (var scan : fitting) {
            if (scan.derivative() == derived) {
                var other = chosen.putIfAbsent(scan.subject(), scan);
                if (other != null) {
                    throw twice(modality, other, scan);
                }
            }
        }
        return chosen;
    }

    private static FedbiomedException twice(String modality, ScanFile one, ScanFile other) {
        boolean told = !one.wholeName().equals(other.wholeName());
        return unfit("two images of one subject are of the modality '" + modality + "': " + Text.shown(one.file())
                + " and " + Text.shown(other.file()) + "; "
                + (told
                        ? "say which with the setting '" + MODALITIES + "', e.g. " + MODALITIES + "="
                                + Text.shown(other.wholeName())
                        : "leave one of them"));
    }

    /** BIDS subjects that have files, but no image. */
    private static List<String> withoutImages(DataFolder folder, List<ScanFile> all) {
        var with = new TreeSet<>(all.stream()
                .map(scan -> String.valueOf(ScanFile.subjectOf(scan.file())))
                .toList());
        return folder.files().stream()
                .map(ScanFile::subjectOf)
                .filter(Objects::nonNull)
                .filter(subject -> subject.startsWith("sub-") && !with.contains(subject))
                .distinct()
                .toList();
    }

    boolean hasSessions() {
        return files.keySet().stream().anyMatch(subject -> subject.contains("/"));
    }

    /** @param subject one that has all modalities */
    String file(String subject, String modality) {
        var scans = Objects.requireNonNull(files.get(subject), subject);
        return Objects.requireNonNull(scans.get(modality), modality);
    }

    /** Of each subject that lacks some: which, by name. */
    SortedMap<String, List<String>> lacking() {
        var lacking = new TreeMap<String, List<String>>(Comparator.naturalOrder());
        files.forEach((subject, scans) -> {
            if (scans.size() < modalities.size()) {
                lacking.put(
                        subject,
                        modalities.stream()
                                .filter(modality -> !scans.containsKey(modality))
                                .toList());
            }
        });
        return lacking;
    }

    static String shown(Collection<String> names) {
        var some =
                String.join(", ", names.stream().limit(SHOWN).map(Text::shown).toList());
        return names.size() <= SHOWN ? some : some + " and " + (names.size() - SHOWN) + " more";
    }

    private static FedbiomedException unfit(String what) {
        return new FedbiomedException(ErrorCode.DATA_UNFIT, what);
    }
}
