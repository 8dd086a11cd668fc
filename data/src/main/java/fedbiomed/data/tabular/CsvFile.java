package fedbiomed.data.tabular;

import fedbiomed.data.source.DatasetContent;
import fedbiomed.vocabulary.ColumnDescription;
import fedbiomed.vocabulary.FedbiomedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Function;

/**
 * CSV files (RFC 4180): UTF-8 with or without a byte order mark; fields separated by commas, semicolons or tabs,
 * whichever the header line has most of; any line ends (within a quoted value they become {@code \n}). The first line names the columns. White space around names and
 * values is dropped; {@link MissingValues} says what stands for a missing one. A file with anything amiss is refused as a
 * whole: a row silently dropped would change a study.
 */
public final class CsvFile {
    private CsvFile() {}

    /**
     * Reads everything once, keeping no row.
     *
     * @throws FedbiomedException DATA_UNFIT naming file, line or column, and remedy (never a cell's value), if the file is
     *     not well-formed, has no row, has two columns of one name, or a column of numbers has infinities;
     *     DATASET_CHANGED if there is no such file
     */
    public static DatasetContent describe(Path file) {
        try (var csv = CsvRows.open(file)) {
            var inferences = new ArrayList<TypeInference>();
            csv.header().forEach(_ -> inferences.add(new TypeInference()));
            long rows = csv.forEach((fields, line) -> {
                for (int i = 0; i < inferences.size(); i++) {
                    inferences.get(i).accept(fields.get(i).strip(), line);
                }
            });
            var columns = new ArrayList<ColumnDescription>();
            for (int i = 0; i < inferences.size(); i++) {
                var name = csv.header().get(i);
                var inference = inferences.get(i);
                if (inference.firstInfinity() != 0) {
                    throw Table.infinities(new CsvProblem(file), name, inference);
                }
                columns.add(new ColumnDescription(name, inference.type(), inference.missing()));
            }
            return new DatasetContent(rows, columns, csv.fingerprint());
        }
    }

    /** Reads all columns into memory, as {@link #read(Path, Collection)}. */
    public static Table read(Path file) {
        return read(file, List::copyOf);
    }

    /**
     * Reads some columns into memory: about 8 bytes a value more than it has characters.
     *
     * @param columns in the order that the table shall have; each is read once
     * @throws FedbiomedException as {@link #describe}; DATA_UNFIT if the file lacks one of the columns, naming those that
     *     there are
     */
    public static Table read(Path file, Collection<String> columns) {
        return read(file, _ -> columns);
    }

    /** @param choice from the header's names to those that are read */
    private static Table read(Path file, Function<List<String>, Collection<String>> choice) {
        var problem = new CsvProblem(file);
        try (var csv = CsvRows.open(file)) {
            var wanted = new LinkedHashMap<String, Column>();
            var there = new HashSet<>(csv.header());
            for (var name : choice.apply(csv.header())) {
                if (!there.contains(name)) {
                    throw Table.noSuchColumn(problem, name, csv.header());
                }
                wanted.put(name, new Column());
            }
            var readers = readers(csv.header(), wanted);
            long rows = csv.forEach((fields, line) -> readers.forEach(reader -> reader.read(fields, line)));
            return new Table(problem, Math.toIntExact(rows), wanted);
        } catch (ArithmeticException _) {
            throw problem.of("it has more rows, or a column more text, than fits in memory (2^31); split the file");
        }
    }

    private record ColumnReader(int index, Column column) {
        void read(List<String> fields, long line) {
            column.add(fields.get(index), line);
        }
    }

    private static List<ColumnReader> readers(List<String> header, SequencedMap<String, Column> wanted) {
        var readers = new ArrayList<ColumnReader>();
        for (int i = 0; i < header.size(); i++) {
            var column = wanted.get(header.get(i));
            if (column != null) {
                readers.add(new ColumnReader(i, column));
            }
        }
        return readers;
    }
}
