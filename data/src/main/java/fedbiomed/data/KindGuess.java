package fedbiomed.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Which kind of dataset lies somewhere, by the names of its files: a guess, for a person to confirm. */
public final class KindGuess {
    /** So many files of a folder are looked at. */
    private static final int LOOKED_AT = 1000;

    private static final int DEPTH = 4;

    /** What a file's name ends in, or has in it, and the kind that such files are of; the first that fits holds. */
    private record Sign(Pattern name, String kind, boolean folder) {}

    private static final List<Sign> SIGNS = List.of(
            sign(".*\\.(csv|tsv|txt|parquet)", DatasetKinds.CSV, false),
            sign(".*\\.safetensors", DatasetKinds.TENSORS, false),
            sign(".*-(images-idx3|labels-idx1)-ubyte(\\.gz)?", "idx", true),
            sign(".*\\.(nii|nii\\.gz)", "medical-folder", true),
            sign(".*\\.(dcm|dicom)", "dicom", true),
            sign(".*\\.(edf|bdf|hea)", "signals", true),
            sign(".*\\.(vcf|vcf\\.gz|fasta|fa)", "genomics", true),
            sign(".*\\.(png|jpe?g|tiff?|bmp)", "image-folder", true));

    private KindGuess() {}

    private static Sign sign(String name, String kind, boolean folder) {
        return new Sign(Pattern.compile(name, Pattern.CASE_INSENSITIVE | Pattern.DOTALL), kind, folder);
    }

    /** Nothing where no kind that this version knows looks like it. */
    public static Optional<DatasetKind> of(Path path) {
        boolean folder = Files.isDirectory(path);
        var names = folder ? names(path) : List.of(name(path));
        return SIGNS.stream()
                .filter(sign -> sign.folder == folder && DatasetKinds.isKnown(sign.kind))
                .filter(sign ->
                        names.stream().anyMatch(name -> sign.name.matcher(name).matches()))
                .findFirst()
                .map(sign -> DatasetKinds.get(sign.kind));
    }

    private static List<String> names(Path folder) {
        try (var files = Files.walk(folder, DEPTH)) {
            return files.limit(LOOKED_AT)
                    .map(KindGuess::name)
                    .filter(name -> !name.startsWith("."))
                    .toList();
        } catch (IOException | UncheckedIOException _) {
            // what is wrong with the folder is told where it is read
            return List.of();
        }
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
    }
}
