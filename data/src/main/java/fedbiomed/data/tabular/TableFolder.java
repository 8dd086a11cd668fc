package fedbiomed.data.tabular;

import fedbiomed.data.source.DataFolder;
import fedbiomed.data.source.DatasetContent;
import fedbiomed.data.source.StoredDataset;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A folder of CSV and TSV files, or of Parquet files, with the same columns, as one table: one file's rows below the
 * other's, by the files' names. A column's type is that of all of its values.
 */
public final class TableFolder {
    private final Path root;
    private final List<String> names;
    private final DeclaredTypes types;
    private final CsvProblem problem;
    private final boolean parquet;

    private TableFolder(Path root, DeclaredTypes types) {
        this.root = root;
        this.names = DataFolder.of(root).files();
        this.types = types;
        if (names.isEmpty()) {
            throw new CsvProblem(root).of("the folder holds no file; put CSV, TSV or Parquet files into it");
        }
        this.parquet = isParquet(names.getFirst());
        this.problem = new CsvProblem(root, parquet ? "row" : "line", names);
        for (var name : names) {
            if (!isParquet(name) && !isCsv(name)) {
                throw problem.of(
                        Text.shown(name) + " is no table by its name (.csv, .tsv, .txt, .parquet); take it out");
            }
            if (isParquet(name) != parquet) {
                throw problem.of("it holds Parquet files and others; put them into folders of their own");
            }
        }
    }

    private static boolean isParquet(String name) {
        return name.toLowerCase(Locale.ROOT).endsWith(".parquet");
    }

    private static boolean isCsv(String name) {
        var lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".csv") || lower.endsWith(".tsv") || lower.endsWith(".txt");
    }

    private List<Path> paths() {
        return names.stream().map(root::resolve).toList();
    }

    /** @throws FedbiomedException as {@link CsvFile#describe}; DATA_UNFIT naming the file whose columns differ, and how */
    public static DatasetContent describe(StoredDataset data) {
        var types = DeclaredTypes.of(data);
        var folder = new TableFolder(data.path(), types);
        var fingerprint = types.fingerprint(DataFolder.fingerprint(folder.root, folder.names, Map.of()));
        if (folder.parquet) {
            return ParquetTable.of(folder.paths(), types, folder.problem, ParquetFile.Opening.ALONE)
                    .describe(fingerprint);
        }
        var header = folder.header();
        var described = new DescribedColumns(header, types, folder.problem);
        long rows = 0;
        for (int i = 0; i < folder.names.size(); i++) {
            try (var csv = folder.open(i, header)) {
                rows += described.accept(csv, i * CsvProblem.FILE);
            }
        }
        return new DatasetContent(rows, described.columns(folder.problem), fingerprint);
    }

    /** As {@link CsvFile#fingerprint}. */
    public static String fingerprint(StoredDataset data) {
        var names = DataFolder.of(data.path()).files();
        return DeclaredTypes.of(data).fingerprint(DataFolder.fingerprint(data.path(), names, Map.of()));
    }

    /** @throws FedbiomedException as {@link #describe}; DATA_UNFIT if there is no such column */
    public static Table read(StoredDataset data, List<String> columns, TableSpace space) {
        var types = DeclaredTypes.of(data);
        var folder = new TableFolder(data.path(), types);
        if (folder.parquet) {
            return ParquetTable.of(folder.paths(), types, folder.problem, ParquetFile.Opening.ALONE)
                    .read(columns, space);
        }
        var header = folder.header();
        for (int i = 0; i < folder.names.size(); i++) {
            folder.open(i, header).close();
        }
        return space.read(
                folder.problem,
                () -> folder.readInMemory(header, columns, space),
                spill -> new SpilledCsv(folder.paths(), header, types, spill).read(columns));
    }

    private Table readInMemory(List<String> header, List<String> columns, TableSpace space) {
        var wanted = new LinkedHashMap<String, Column>();
        for (var name : columns) {
            if (!new HashSet<>(header).contains(name)) {
                throw Table.noSuchColumn(problem, name, header);
            }
            wanted.put(name, new Column(types.of(name)));
        }
        long rows = 0;
        var memory = new TextMemory(wanted.values(), space, problem, 0);
        for (int i = 0; i < names.size(); i++) {
            rows += CsvFile.readInto(root.resolve(names.get(i)), wanted, i * CsvProblem.FILE, memory);
        }
        wanted.forEach((name, column) -> {
            if (types.of(name) != null) {
                column.inference().requireSound(name, problem);
            }
        });
        return new Table(problem, Math.toIntExact(rows), wanted);
    }

    private List<String> header() {
        try (var first = CsvRows.open(root.resolve(names.getFirst()))) {
            return first.header();
        }
    }

    private CsvRows open(int file, List<String> header) {
        var path = root.resolve(names.get(file));
        var csv = CsvRows.open(path);
        try {
            SameColumns.require(header, csv.header(), new CsvProblem(path));
            return csv;
        } catch (RuntimeException e) {
            csv.close();
            throw e;
        }
    }
}
