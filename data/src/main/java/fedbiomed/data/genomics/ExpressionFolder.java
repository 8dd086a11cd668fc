package fedbiomed.data.genomics;

import fedbiomed.data.source.DataFolder;
import fedbiomed.data.source.NameChecksum;
import fedbiomed.data.source.SampleSource;
import fedbiomed.vocabulary.FedbiomedException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A folder with an expression matrix and, perhaps, a table of phenotypes. Array {@value #EXPRESSION}, F32 {@code [genes]},
 * values as the file has them; and the table's columns. It is held in memory, 4 bytes a value. What the array's content
 * says of the list of genes is the same where the genes are the same, in the same order.
 */
public final class ExpressionFolder {
    public static final String EXPRESSION = "expression";

    private static final String MATRIX = "matrix";
    private static final String SAMPLES = "samples";
    private static final String GENES = "genes";
    private static final String PHENOTYPES = "phenotypes";
    private static final Pattern SEPARATORS = Pattern.compile("[,;\\t]");
    private static final Pattern MATRICES = Pattern.compile(".*\\.(csv|tsv|txt)(\\.gz)?", Pattern.CASE_INSENSITIVE);

    /** What the data manager may say about the reading, with explanations. */
    public static final SortedMap<String, String> SETTINGS =
            Collections.unmodifiableSortedMap(new TreeMap<>(Map.ofEntries(
                    Map.entry(
                            MATRIX,
                            "the matrix in the folder: CSV or TSV, gzip or not (without it the only table that is not"
                                    + " named otherwise)"),
                    Map.entry(SAMPLES, "columns (without it) or rows: what the samples are in the matrix"),
                    Map.entry(
                            GENES,
                            "a file in the folder with the agreed genes in the agreed order, one a line (without it all, as"
                                    + " the matrix has them)"),
                    Map.entry(Imputed.MISSING, Imputed.EXPLAINED),
                    Map.entry(
                            PHENOTYPES,
                            "the CSV or TSV file in the folder with a row a sample (without it the only one beside the"
                                    + " matrix)"),
                    Map.entry(PhenotypeJoin.KEY, PhenotypeJoin.KEY_EXPLAINED),
                    Map.entry(PhenotypeJoin.UNMATCHED, PhenotypeJoin.UNMATCHED_EXPLAINED))));

    private ExpressionFolder() {}

    /**
     * Reads everything.
     *
     * @throws FedbiomedException DATA_UNFIT naming file, place and remedy, and no sample
     */
    public static SampleSource open(Path path, SortedMap<String, String> settings) {
        var folder = DataFolder.of(path);
        var list = settings.containsKey(GENES) ? folder.file(GENES, settings, _ -> false, "lists of genes") : null;
        var named = settings.get(PHENOTYPES);
        var file = folder.file(
                MATRIX,
                settings,
                name -> MATRICES.matcher(name).matches() && !name.equals(list) && !name.equals(named),
                "tables");
        if (file == null) {
            throw Choice.unfit(
                    "the folder holds no matrix: a file whose name ends in .csv, .tsv or .txt, or one of these"
                            + " and .gz, beside the table of phenotypes");
        }
        boolean inRows = Choice.of(settings, SAMPLES, "columns", "rows").equals("rows");
        var matrix = ExpressionMatrix.read(
                folder.path(file), inRows ? ExpressionMatrix.Rows.SAMPLES : ExpressionMatrix.Rows.GENES);
        var phenotypes = folder.file(
                PHENOTYPES,
                settings,
                name -> GenotypeFolder.isTable(name) && !name.equals(list) && !name.equals(file),
                "CSV or TSV files beside the matrix");
        var places = list == null
                ? IntStream.range(0, matrix.genes().size()).toArray()
                : matrix.places(NameList.read(folder.path(list), SEPARATORS));
        var genes = IntStream.of(places).mapToObj(matrix.genes()::get).toList();
        var join = PhenotypeJoin.of(
                folder,
                phenotypes,
                settings,
                matrix.samples(),
                " In the matrix samples are " + (inRows ? "rows" : "columns") + ": if they are "
                        + (inRows ? "columns" : "rows") + ", set '" + SAMPLES + "' so.");
        var imputed = Imputed.of(
                (sample, gene) -> matrix.value(sample, places[gene]),
                join.samples(),
                places.length,
                genes::get,
                settings);
        return new PhenotypedArray(
                new PhenotypedArray.Description(
                        EXPRESSION,
                        List.of((long) genes.size()),
                        genes.size() + " genes, list " + NameChecksum.of(genes.stream()),
                        imputed.incomplete()),
                imputed::read,
                join,
                folder,
                Stream.of(file, list, phenotypes),
                settings);
    }
}
