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

    /** What the name of a file is like, and the kind that such files are of; the first that fits holds. */
    private record Sign(Pattern name, String kind) {}

    /** Kinds that this version does not know are passed over. */
    private static final List<Sign> SIGNS = List.of(
            sign(".*\\.parquet", "parquet"),
            sign(".*\\.(csv|tsv|txt)", DatasetKinds.CSV),
            sign(".*\\.safetensors", DatasetKinds.TENSORS),
            sign(".*-(images-idx3|labels-idx1)-ubyte(\\.gz)?", "idx"),
            sign(".*\\.nii(\\.gz)?", "medical-folder"),
            sign(".*\\.(dcm|dicom)", "dicom"),
            sign(".*\\.(edf|bdf|hea)", "signals"),
            sign(".*\\.vcf(\\.gz)?", "genotypes"),
            sign(".*\\.(fasta|fa)(\\.gz)?", "fasta"),
            sign(".*\\.(png|jpe?g|tiff?|bmp)", "image-folder"),
            // last: tables lie beside all of these, too
            sign(".*\\.(csv|tsv|parquet)", "table-folder"));

    private KindGuess() {}

    private static Sign sign(String name, String kind) {
        return new Sign(Pattern.compile(name, Pattern.DOTALL), kind);
    }

    /** Nothing where no kind that this version knows looks like it. */
    public static Optional<DatasetKind> of(Path path) {
        boolean folder = Files.isDirectory(path);
        var names = folder ? names(path) : List.of(name(path));
        return SIGNS.stream()
                .filter(sign -> DatasetKinds.isKnown(sign.kind)
                        && DatasetKinds.get(sign.kind).isFolder() == folder)
                .filter(sign ->
                        names.stream().anyMatch(name -> sign.name.matcher(name).matches()))
                .findFirst()
                .map(sign -> DatasetKinds.get(sign.kind));
    }

    private static List<String> names(Path folder) {
        try (var files = Files.walk(folder, DEPTH)) {
            return files.skip(1) // the folder itself
                    .limit(LOOKED_AT)
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
