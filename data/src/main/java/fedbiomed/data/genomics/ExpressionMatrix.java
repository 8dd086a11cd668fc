package fedbiomed.data.genomics;

import fedbiomed.data.file.ByteLines;
import fedbiomed.data.file.FileProblem;
import fedbiomed.data.tabular.MissingValues;
import fedbiomed.data.tabular.ValueSyntax;
import fedbiomed.vocabulary.Text;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;

/**
 * How strongly genes are expressed, samples by genes: a table of numbers, separated by commas, semicolons or tabs, plain
 * or gzip, with names in its first line and first column. The first line's first cell may say anything, be empty, or be
 * left out (as R's {@code write.table} does). {@link MissingValues} are NaN. Values are held as floats: counts above 2^24
 * are rounded.
 */
public final class ExpressionMatrix {
    /** What the rows of the file are. */
    public enum Rows {
        GENES,
        SAMPLES
    }

    /** 60,000 genes of 1,000 samples are 6e7. */
    static final long MAX_CELLS = 1L << 28;

    static final int MAX_LINE_BYTES = 64 << 20;
    static final int MAX_NAME_CHARS = 1_000;

    private final FileProblem problem;
    private final boolean genesInRows;
    private final List<String> genes;
    private final List<String> samples;
    /** As the file has them. */
    private final List<float[]> rows;

    private ExpressionMatrix(
            FileProblem problem, boolean genesInRows, List<String> genes, List<String> samples, List<float[]> rows) {
        this.problem = problem;
        this.genesInRows = genesInRows;
        this.genes = genes;
        this.samples = samples;
        this.rows = rows;
    }

    /**
     * Reads the whole table into memory, 4 bytes a value.
     *
     * @throws fedbiomed.vocabulary.FedbiomedException DATA_UNFIT naming line and remedy (a sample's name or a value
     *     never), if a row is shorter or longer than the first, a value is no finite number, or a gene or a sample is
     *     there twice; DATASET_CHANGED if there is no such file
     */
    public static ExpressionMatrix read(Path file, Rows of) {
        var problem = new FileProblem(file);
        try (var lines = ByteLines.open(file, MAX_LINE_BYTES)) {
            if (!lines.next()) {
                throw problem.of("it is empty; the first line names the columns, every further line is a row");
            }
            var parser = new DelimitedLine(lines, DelimitedLine.separatorOf(lines.text()));
            var header = parser.fields();
            var names = new ArrayList<String>();
            var rows = new ArrayList<float[]>();
            while (lines.next()) {
                if (lines.length() == 0) {
                    continue;
                }
                var fields = parser.fields();
                if (rows.isEmpty() && header.size() == fields.size()) {
                    header.removeFirst();
                }
                names.add(fields.removeFirst());
                if (fields.isEmpty() || fields.size() != header.size()) {
                    throw problem.atLine(
                            lines.line(),
                            "it has " + fields.size() + " values where the first line names " + header.size()
                                    + " columns; is every line a name and its values?");
                }
                if ((rows.size() + 1L) * fields.size() > MAX_CELLS) {
                    throw problem.atLine(
                            lines.line(), "there are more than " + MAX_CELLS + " values; keep the genes of interest");
                }
                rows.add(numbers(lines, fields));
            }
            if (rows.isEmpty()) {
                throw problem.of("it has a first line and no row; was its copy cut short?");
            }
            boolean genesInRows = of == Rows.GENES;
            requireNames(problem, header, genesInRows ? "samples" : "genes");
            requireNames(problem, names, genesInRows ? "genes" : "samples");
            return new ExpressionMatrix(
                    problem,
                    genesInRows,
                    List.copyOf(genesInRows ? names : header),
                    List.copyOf(genesInRows ? header : names),
                    List.copyOf(rows));
        }
    }

    private static float[] numbers(ByteLines lines, List<String> fields) {
        var numbers = new float[fields.size()];
        for (int i = 0; i < numbers.length; i++) {
            var field = fields.get(i);
            if (MissingValues.isMissing(field)) {
                numbers[i] = Float.NaN;
                continue;
            }
            var syntax = ValueSyntax.of(field);
            numbers[i] = syntax == ValueSyntax.INTEGER || syntax == ValueSyntax.REAL
                    ? (float) Double.parseDouble(field)
                    : Float.POSITIVE_INFINITY;
            if (Float.isInfinite(numbers[i])) {
                throw lines.problem()
                        .atLine(
                                lines.line(),
                                "value " + (i + 1) + " is "
                                        + (syntax == ValueSyntax.DECIMAL_COMMA
                                                ? "written with a decimal comma; save the file with decimal points"
                                                : "no number that a 32 bit float holds; correct it or leave it empty (and"
                                                        + " leave columns of text out)"));
            }
        }
        return numbers;
    }

    private static void requireNames(FileProblem problem, List<String> names, String what) {
        long distinct = new HashSet<>(names).size();
        boolean unnamed = names.stream().anyMatch(name -> name.isEmpty() || name.length() > MAX_NAME_CHARS);
        if (distinct != names.size() || unnamed) {
            throw problem.of("of its " + names.size() + " " + what + " " + (names.size() - distinct)
                    + " have the name of another" + (unnamed ? ", and some have no name or an endless one" : "")
                    + "; give each one of its own");
        }
    }

    /** The genes' names, in the file's order. */
    public List<String> genes() {
        return genes;
    }

    /** The samples' names, in the file's order: they are patients, so that no message may hold one. */
    public List<String> samples() {
        return samples;
    }

    /** NaN if it is missing. */
    public float value(int sample, int gene) {
        return genesInRows ? rows.get(gene)[sample] : rows.get(sample)[gene];
    }

    /**
     * Where the genes that a federation agreed on stand in this file.
     *
     * @return for each of {@code wanted} its place among {@link #genes()}
     * @throws fedbiomed.vocabulary.FedbiomedException DATA_UNFIT if the file lacks one, naming some of those
     */
    public int[] places(List<String> wanted) {
        var places = new HashMap<String, Integer>();
        for (int i = 0; i < genes.size(); i++) {
            places.put(genes.get(i), i);
        }
        var lacking = wanted.stream().filter(gene -> !places.containsKey(gene)).toList();
        if (!lacking.isEmpty()) {
            throw problem.of("it lacks " + lacking.size() + " of the " + wanted.size() + " genes that are wanted ("
                    + String.join(
                            ", ", lacking.stream().limit(5).map(Text::shown).toList())
                    + (lacking.size() > 5 ? ", ..." : "") + "); do its names follow the same convention?");
        }
        return wanted.stream()
                .mapToInt(gene -> Objects.requireNonNull(places.get(gene)))
                .toArray();
    }

    /**
     * Writes a sample's values: F32 {@code [genes.length]} in the machine's byte order, NaN where one is missing.
     *
     * @param genes places among {@link #genes()}, in the order that is wanted
     */
    public void read(int sample, int[] genes, MemorySegment into) {
        for (int i = 0; i < genes.length; i++) {
            into.set(ValueLayout.JAVA_FLOAT_UNALIGNED, (long) Float.BYTES * i, value(sample, genes[i]));
        }
    }
}
