package fedbiomed.data.tabular;

import fedbiomed.data.source.DatasetContent;
import fedbiomed.vocabulary.ColumnDescription;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.IntConsumer;

/**
 * One or more Parquet files of one schema as one table, one file open at a time.
 *
 * @param files in their order
 * @param problem of the file or the folder
 */
record ParquetTable(
        List<Path> files,
        DeclaredTypes types,
        CsvProblem problem,
        SequencedMap<String, ParquetColumn> columns,
        long rows,
        ParquetFile.Opening opening) {
    /** So many columns are fetched at a time: each costs DuckDB a buffer. */
    private static final int COLUMNS_AT_A_TIME = 2_000;
    /** A chunk of their rows is put together in memory. */
    private static final int SPILLED_AT_A_TIME = 250;

    static ParquetTable of(Path file, DeclaredTypes types) {
        return of(List.of(file), types, CsvProblem.ofRows(file), ParquetFile.Opening.ALONE);
    }

    /** @throws fedbiomed.vocabulary.FedbiomedException as {@link ParquetFile#describe}; DATA_UNFIT if schemas differ */
    static ParquetTable of(List<Path> files, DeclaredTypes types, CsvProblem problem, ParquetFile.Opening opening) {
        SequencedMap<String, ParquetColumn> columns = new LinkedHashMap<>();
        long rows = 0;
        for (var path : files) {
            try (var file = ParquetFile.open(path, types, opening)) {
                if (columns.isEmpty()) {
                    columns = file.columns();
                }
                SameColumns.require(
                        List.copyOf(columns.values()),
                        List.copyOf(file.columns().values()),
                        CsvProblem.ofRows(path));
                rows += file.rows();
            }
        }
        if (rows > Integer.MAX_VALUE - 8) {
            throw problem.of("it has more rows than fit in memory (2^31); split it");
        }
        types.requireIn(columns.keySet(), problem);
        return new ParquetTable(files, types, problem, columns, rows, opening);
    }

    /** @param fingerprint of the files and of how they are read */
    DatasetContent describe(String fingerprint) {
        var described = new ArrayList<ColumnDescription>();
        for (var some : batches(List.copyOf(columns.values()))) {
            var seen = some.stream()
                    .map(column -> new ParquetSink.Seen(column, types.of(column.name()), problem))
                    .toList();
            fetch(some, seen, _ -> {});
            seen.forEach(column -> described.add(column.described(rows)));
        }
        return new DatasetContent(rows, described, fingerprint);
    }

    Table read(List<String> names, TableSpace space) {
        var wanted = new ArrayList<ParquetColumn>();
        for (var name : new LinkedHashSet<>(names)) {
            var column = columns.get(name);
            if (column == null) {
                throw Table.noSuchColumn(problem, name, columns.keySet());
            }
            wanted.add(column);
        }
        return space.read(problem, () -> readInMemory(wanted, space), spill -> readSpilled(wanted, spill));
    }

    private static boolean isText(ParquetColumn column) {
        return column.fetched().equals(ParquetColumn.TEXT);
    }

    private Table readInMemory(List<ParquetColumn> wanted, TableSpace space) {
        space.require(problem, rows, wanted.size());
        long numbers = rows * wanted.stream().filter(column -> !isText(column)).count();
        var read = new LinkedHashMap<String, TableColumn>();
        var texts = new ArrayList<Column>();
        for (var some : batches(wanted)) {
            var sinks = new ArrayList<ParquetSink.Kept>();
            for (var column : some) {
                if (isText(column)) {
                    var text = new Column(ParquetSink.declared(types.of(column.name())));
                    texts.add(text);
                    sinks.add(new ParquetSink.Texts(column, text, problem));
                } else {
                    sinks.add(new ParquetSink.Numbers(column, (int) rows, problem));
                }
            }
            var memory = new TextMemory(texts, space, problem, numbers);
            fetch(some, sinks, _ -> memory.look());
            for (int i = 0; i < sinks.size(); i++) {
                read.put(some.get(i).name(), sinks.get(i).column());
            }
        }
        return new Table(problem, (int) rows, read);
    }

    private Table readSpilled(List<ParquetColumn> wanted, Spill spill) {
        var read = new LinkedHashMap<String, TableColumn>();
        spill.requireRoom(rows
                * wanted.stream()
                        .mapToLong(column -> isText(column) ? SpilledText.BYTES : SpilledColumn.Typed.BYTES)
                        .sum());
        for (var some : batches(wanted, SPILLED_AT_A_TIME)) {
            int bytes = some.stream()
                    .mapToInt(column -> isText(column) ? SpilledText.BYTES : SpilledColumn.Typed.BYTES)
                    .sum();
            var file = spill.create(bytes, DuckDb.CHUNK_ROWS);
            var sinks = new ArrayList<SpilledParquet>();
            int offset = 0;
            for (var column : some) {
                if (isText(column)) {
                    var declared = ParquetSink.declared(types.of(column.name()));
                    sinks.add(new SpilledParquet.Texts(new SpilledText(column.name(), declared, spill, file, offset)));
                    offset += SpilledText.BYTES;
                } else {
                    sinks.add(new SpilledParquet.Numbers(column, spill, file, offset));
                    offset += SpilledColumn.Typed.BYTES;
                }
            }
            file.require(DuckDb.CHUNK_ROWS);
            fetch(some, sinks, rowsRead -> {
                file.end(rowsRead);
                file.require(DuckDb.CHUNK_ROWS);
            });
            var memory = file.map();
            for (int i = 0; i < sinks.size(); i++) {
                read.put(some.get(i).name(), sinks.get(i).column(memory, (int) rows));
            }
        }
        return new Table(problem, (int) rows, read, spill);
    }

    /** @param chunkEnd told how many rows all sinks have got */
    private void fetch(List<ParquetColumn> some, List<? extends ParquetSink> sinks, IntConsumer chunkEnd) {
        for (int i = 0; i < files.size(); i++) {
            try (var file = ParquetFile.open(files.get(i), types, opening)) {
                file.fetch(some, sinks, i * CsvProblem.FILE, chunkEnd);
            }
        }
    }

    private static List<List<ParquetColumn>> batches(List<ParquetColumn> columns) {
        return batches(columns, COLUMNS_AT_A_TIME);
    }

    private static List<List<ParquetColumn>> batches(List<ParquetColumn> columns, int atATime) {
        var batches = new ArrayList<List<ParquetColumn>>();
        for (int from = 0; from < columns.size(); from += atATime) {
            batches.add(columns.subList(from, Math.min(columns.size(), from + atATime)));
        }
        return batches;
    }
}
