package fedbiomed.data.medical;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An image, by where it lies and what it is called.
 *
 * @param file relative to the dataset's folder
 * @param subject the subject's folder, and the session's where there is one: {@code sub-01/ses-2}
 * @param derivative whether it lies under BIDS' {@code derivatives}
 * @param parts what names it, the suffix last: {@code run-1}, {@code T1w}
 */
record ScanFile(String file, String subject, boolean derivative, List<String> parts) {
    private static final Pattern IMAGES = Pattern.compile("(?is)(.+)\\.nii(\\.gz)?");
    private static final Pattern SESSIONS = Pattern.compile("ses-[^/]+");
    private static final String DERIVATIVES = "derivatives";

    ScanFile {
        parts = List.copyOf(parts);
    }

    static boolean isImage(String file) {
        return IMAGES.matcher(file).matches();
    }

    static boolean isDerivative(String file) {
        return file.startsWith(DERIVATIVES + "/");
    }

    /** Where a file lies: the folders from the subject's on, and the file. */
    private record Place(List<String> path, boolean derivative) {
        static @Nullable Place of(String file) {
            var path = Arrays.asList(file.split("/", -1));
            boolean derivative = path.getFirst().equals(DERIVATIVES);
            // derivatives/PIPELINE/sub-01/...
            int skipped = derivative ? 2 : 0;
            return path.size() < skipped + 2 ? null : new Place(path.subList(skipped, path.size()), derivative);
        }

        String subject() {
            return path.getFirst();
        }

        boolean hasSession() {
            return path.size() > 2 && SESSIONS.matcher(path.get(1)).matches();
        }

        String subjectAndSession() {
            return hasSession() ? path.getFirst() + "/" + path.get(1) : path.getFirst();
        }
    }

    /** The subject's folder of any file; {@code null} for one that lies in no subject's. */
    static @Nullable String subjectOf(String file) {
        var place = Place.of(file);
        return place == null ? null : place.subject();
    }

    /** Called by its subject: {@code sub-01/ses-2/anat/sub-01_ses-2_T1w.nii.gz}; {@code null} if it is not. */
    static @Nullable ScanFile called(String file) {
        var place = Place.of(file);
        var named = IMAGES.matcher(file.substring(file.lastIndexOf('/') + 1));
        if (place == null || !named.matches()) {
            return null;
        }
        var name = named.group(1);
        int length = place.subject().length();
        if (!name.startsWith(place.subject()) || name.length() < length + 2 || "_-".indexOf(name.charAt(length)) < 0) {
            return null;
        }
        var parts = new ArrayList<>(Arrays.asList(name.substring(length + 1).split("_", -1)));
        if (place.hasSession()) {
            parts.remove(place.path().get(1));
        }
        return parts.isEmpty() || parts.contains("")
                ? null
                : new ScanFile(file, place.subjectAndSession(), place.derivative(), parts);
    }

    /** In a folder called by its modality: {@code P001/T1/scan.nii.gz}; {@code null} if it is not. */
    static @Nullable ScanFile inModalityFolder(String file) {
        var place = Place.of(file);
        if (place == null || !isImage(file) || place.path().size() != (place.hasSession() ? 4 : 3)) {
            return null;
        }
        var modality = place.path().get(place.path().size() - 2);
        return new ScanFile(file, place.subjectAndSession(), place.derivative(), List.of(modality));
    }

    String suffix() {
        return parts.getLast();
    }

    /** @param modality the suffix, perhaps with some of the other parts before it: {@code T1w}, {@code run-1_T1w} */
    boolean is(String modality) {
        if (modality.equals(suffix())) {
            return true;
        }
        var asked = Arrays.asList(modality.split("_", -1));
        return asked.getLast().equals(suffix()) && parts.containsAll(asked);
    }

    /** By all its parts: {@code acq-fast_run-1_T1w}. */
    String wholeName() {
        return String.join("_", parts);
    }
}
