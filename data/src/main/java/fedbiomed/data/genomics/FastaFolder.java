package fedbiomed.data.genomics;

import fedbiomed.data.file.FileProblem;
import fedbiomed.data.source.DataFolder;
import fedbiomed.data.source.SampleSource;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder with a FASTA file and, perhaps, a table of labels. A sample is a sequence. Array either {@value #SEQUENCE}, F32
 * {@code [4, length]} (one-hot: A, C, G, T), or {@value #KMERS}, F32 {@code [4^k]}: how often each k-mer occurs; and the
 * table's columns.
 */
public final class FastaFolder {
    public static final String SEQUENCE = "sequence";
    public static final String KMERS = "kmers";

    /** Of a sample in memory: 64 MiB. */
    static final int MAX_LENGTH = 1 << 22;

    private static final String FASTA = "fasta";
    private static final String LENGTH = "length";
    private static final String LONGER = "longer";
    private static final String LABELS = "labels";
    private static final Pattern FASTA_FILES =
            Pattern.compile(".*\\.(fa|fasta|fna|ffn|frn)(\\.b?gz)?", Pattern.CASE_INSENSITIVE);
    private static final Pattern WHOLE = Pattern.compile("[1-9]\\d{0,8}");

    /** What the data manager may say about the reading, with explanations. */
    public static final SortedMap<String, String> SETTINGS =
            Collections.unmodifiableSortedMap(new TreeMap<>(Map.ofEntries(
                    Map.entry(FASTA, "the FASTA file in the folder (without it the only one there is)"),
                    Map.entry(KMERS, "K, 1 to 10: each sequence as counts of its 4^K k-mers"),
                    Map.entry(
                            LENGTH,
                            "N: each sequence one-hot, N bases long; shorter ones are filled with zeros at their end"),
                    Map.entry(LONGER, "refuse (without it) or cut: sequences longer than that"),
                    Map.entry(
                            LABELS,
                            "the CSV or TSV file in the folder with a row a sequence (without it the only one there is)"),
                    Map.entry(PhenotypeJoin.KEY, "its column with the sequences' names (without it the first)"),
                    Map.entry(
                            PhenotypeJoin.UNMATCHED,
                            "refuse (without it) or leave-out: sequences that have no row in that table"))));

    private FastaFolder() {}

    /**
     * Reads everything once.
     *
     * @throws FedbiomedException DATA_UNFIT naming file, place and remedy, and no sequence
     */
    public static SampleSource open(Path path, SortedMap<String, String> settings) {
        var kmers = settings.get(KMERS);
        var length = settings.get(LENGTH);
        if ((kmers == null) == (length == null)) {
            throw Choice.unfit("sequences need one of the settings '" + KMERS + "' (counts of k-mers) and '" + LENGTH
                    + "' (one-hot)");
        }
        var folder = DataFolder.of(path);
        var file =
                folder.file(FASTA, settings, name -> FASTA_FILES.matcher(name).matches(), "FASTA files");
        if (file == null) {
            throw Choice.unfit("the folder holds no file whose name ends in .fa, .fasta, .fna, .ffn or .frn, or one of"
                    + " these and .gz");
        }
        int size = whole(kmers == null ? LENGTH : KMERS, settings, kmers == null ? MAX_LENGTH : FastaFile.MAX_K);
        var fasta = FastaFile.open(folder.path(file));
        var labels = folder.file(LABELS, settings, GenotypeFolder::isTable, "CSV or TSV files");
        var join = PhenotypeJoin.of(folder, labels, settings, fasta.names(), "");
        var files = Stream.<@Nullable String>of(file, labels);
        if (kmers != null) {
            if (settings.containsKey(LONGER)) {
                throw Choice.unfit("the setting '" + LONGER + "' goes with '" + LENGTH + "', not with '" + KMERS + "'");
            }
            return new PhenotypedArray(
                    new PhenotypedArray.Description(
                            KMERS,
                            List.of(FastaFile.kmersSizeBytes(size) / Float.BYTES),
                            size + "-mers from A to T",
                            0),
                    (sample, into) -> fasta.kmers(sample, size, into),
                    join,
                    folder,
                    files,
                    settings);
        }
        requireLengths(fasta, join, size, settings, new FileProblem(folder.path(file)));
        return new PhenotypedArray(
                new PhenotypedArray.Description(SEQUENCE, List.of(4L, (long) size), "A, C, G, T", 0),
                (sample, into) -> fasta.oneHot(sample, size, into),
                join,
                folder,
                files,
                settings);
    }

    private static int whole(String setting, SortedMap<String, String> settings, int most) {
        var value = settings.getOrDefault(setting, "");
        int whole = WHOLE.matcher(value).matches() ? Integer.parseInt(value) : 0;
        if (whole < 1 || whole > most) {
            throw Choice.unfit("the setting '" + setting + "' is a whole number, 1 to " + most + ", not '"
                    + Text.shown(value) + "'");
        }
        return whole;
    }

    private static void requireLengths(
            FastaFile fasta, PhenotypeJoin join, int length, SortedMap<String, String> settings, FileProblem problem) {
        if (Choice.of(settings, LONGER, "refuse", "cut").equals("cut")) {
            return;
        }
        long longer = IntStream.of(join.samples())
                .filter(sample -> fasta.length(sample) > length)
                .count();
        if (longer > 0) {
            long longest =
                    IntStream.of(join.samples()).mapToLong(fasta::length).max().orElse(0);
            throw problem.of(longer + " of " + join.samples().length + " sequences have more than " + length
                    + " bases, the longest " + longest + "; set '" + LENGTH + "' to " + longest + ", or '" + LONGER
                    + "' to cut to leave out what lies beyond");
        }
    }
}
