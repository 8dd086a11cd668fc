package fedbiomed.data.tabular;

import fedbiomed.data.source.DatasetContent;
import fedbiomed.data.source.StoredDataset;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Sha256;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

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
        return describe(file, DeclaredTypes.NONE);
    }

    /** As {@link #describe(Path)}, with the columns that its settings declare. */
    public static DatasetContent describe(StoredDataset data) {
        var types = DeclaredTypes.of(data);
        var content = describe(data.path(), types);
        return new DatasetContent(content.samples(), content.columns(), types.fingerprint(content.fingerprint()));
    }

    /**
     * The fingerprint of {@link #describe(StoredDataset)}, by the bytes alone: nothing in them is looked at.
     *
     * @throws FedbiomedException DATA_UNFIT if it cannot be read
     */
    public static String fingerprint(StoredDataset data) {
        try {
            return DeclaredTypes.of(data).fingerprint(Sha256.of(data.path()));
        } catch (IOException e) {
            throw new CsvProblem(data.path()).unreadable(e);
        }
    }

    static DatasetContent describe(Path file, DeclaredTypes types) {
        var problem = new CsvProblem(file);
        try (var csv = CsvRows.open(file)) {
            var described = new DescribedColumns(csv.header(), types, problem);
            long rows = described.accept(csv);
            return new DatasetContent(rows, described.columns(problem), csv.fingerprint());
        }
    }

    /** Reads all columns into memory, as {@link #read(Path, Collection)}. */
    public static Table read(Path file) {
        return read(file, header(file));
    }

    /**
     * Reads some columns into memory: about 8 bytes a value more than it has characters.
     *
     * @param columns in the order that the table shall have; each is read once
     * @throws FedbiomedException as {@link #describe}; DATA_UNFIT if they do not fit into memory, or the file lacks one of the columns, naming those that
     *     there are
     */
    public static Table read(Path file, Collection<String> columns) {
        return read(file, columns, DeclaredTypes.NONE);
    }

    /** As {@link #read(Path, Collection)}, with the types that its settings declare. */
    public static Table read(StoredDataset data, List<String> columns, TableSpace space) {
        return read(data.path(), columns, DeclaredTypes.of(data), space);
    }

    static Table read(Path file, Collection<String> columns, DeclaredTypes types) {
        return read(file, columns, types, TableSpace.inMemory());
    }

    static Table read(Path file, Collection<String> columns, DeclaredTypes types, TableSpace space) {
        return space.read(
                new CsvProblem(file),
                () -> readInMemory(file, columns, types, space),
                spill -> new SpilledCsv(List.of(file), header(file), types, spill).read(columns));
    }

    private static Table readInMemory(Path file, Collection<String> columns, DeclaredTypes types, TableSpace space) {
        var problem = new CsvProblem(file);
        var read = new LinkedHashMap<String, TableColumn>();
        columns.forEach(name -> read.put(name, new Column(types.of(name))));
        long rows = readNumbers(file, read, types, space);
        var others = new LinkedHashMap<String, Column>();
        read.forEach((name, column) -> {
            if (column instanceof Column text) {
                others.put(name, text);
            }
        });
        if (!others.isEmpty() || rows == 0) {
            var memory = new TextMemory(others.values(), space, problem, rows * (read.size() - others.size()));
            long othersRows = readInto(file, others, 0, memory);
            if (rows != 0 && rows != othersRows) {
                throw new FedbiomedException(
                        ErrorCode.DATASET_CHANGED,
                        problem.of("it changed while it was read; try again").text());
            }
            rows = othersRows;
        }
        others.forEach((name, column) -> {
            if (types.of(name) != null) {
                column.inference().requireSound(name, problem);
            }
        });
        return new Table(problem, Math.toIntExact(rows), read);
    }

    /** Puts columns of numbers in their places, as far as a plain file has them; returns its rows, or 0. */
    private static long readNumbers(
            Path file, SequencedMap<String, TableColumn> read, DeclaredTypes types, TableSpace space) {
        var problem = new CsvProblem(file);
        var header = header(file);
        var names = read.keySet().stream()
                .filter(name -> types.of(name) == null)
                .filter(new HashSet<>(header)::contains)
                .toList();
        var numbers = new @Nullable NumberBlocks[names.size()];
        for (int i = 0; i < numbers.length; i++) {
            var name = names.get(i);
            numbers[i] = new NumberBlocks(() -> textsAgain(file, name));
        }
        long[] rows = {0};
        Consumer<CsvBlock> into = block -> {
            rows[0] += block.rows();
            space.require(problem, rows[0], numbers.length);
            take(block, numbers);
        };
        if (names.isEmpty() || !PlainCsv.read(file, Separator.of(file), header, names, into)) {
            return 0;
        }
        long found = 0;
        for (int i = 0; i < numbers.length; i++) {
            var column = numbers[i];
            if (column != null && column.rows() > 0) {
                read.put(names.get(i), column);
                found = column.rows();
            }
        }
        return found;
    }

    /** A column that holds something else than numbers is set to {@code null}. */
    private static void take(CsvBlock block, @Nullable NumberBlocks[] into) {
        for (int i = 0; i < into.length; i++) {
            var values = block.values(i);
            var column = into[i];
            if (values == null) {
                into[i] = null;
            } else if (column != null) {
                column.add(values, block.whole(i), block.canonical(i), block.missing(i));
            }
        }
    }

    private static List<String> header(Path file) {
        try (var csv = CsvRows.open(file)) {
            return csv.header();
        }
    }

    private static @Nullable String[] textsAgain(Path file, String name) {
        var again = new LinkedHashMap<String, Column>();
        var column = new Column(null);
        again.put(name, column);
        readInto(file, again);
        return column.texts();
    }

    /** Appends a file's rows to columns; returns how many there were. */
    static long readInto(Path file, SequencedMap<String, ? extends ColumnSink> wanted) {
        return readInto(file, wanted, 0, () -> {});
    }

    /**
     * @param offset added to the lines' numbers
     * @param rowEnd told after each row
     */
    static long readInto(Path file, SequencedMap<String, ? extends ColumnSink> wanted, long offset, Runnable rowEnd) {
        var problem = new CsvProblem(file);
        try (var csv = CsvRows.open(file)) {
            var there = new HashSet<>(csv.header());
            for (var name : wanted.keySet()) {
                if (!there.contains(name)) {
                    throw Table.noSuchColumn(problem, name, csv.header());
                }
            }
            var readers = readers(csv.header(), wanted);
            return csv.forEach((fields, line) -> {
                readers.forEach(reader -> reader.read(fields, offset + line));
                rowEnd.run();
            });
        } catch (ArithmeticException _) {
            throw problem.of("it has more rows, or a column more text, than fits in memory (2^31); split the file");
        }
    }

    private record ColumnReader(int index, ColumnSink column) {
        void read(List<String> fields, long line) {
            column.add(fields.get(index), line);
        }
    }

    private static List<ColumnReader> readers(List<String> header, SequencedMap<String, ? extends ColumnSink> wanted) {
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
