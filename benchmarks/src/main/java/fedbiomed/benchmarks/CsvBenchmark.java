package fedbiomed.benchmarks;

import fedbiomed.data.tabular.CsvFile;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * How fast a CSV file of random floats becomes columns of numbers, beside DuckDB's own scan of it (two threads, a sum of
 * every column), alternating. Arguments: MEBIBYTES (1024), REPETITIONS (5), COLUMNS (10).
 */
public final class CsvBenchmark {
    private CsvBenchmark() {}

    static void main(String[] args) throws IOException, SQLException {
        long bytes = (args.length > 0 ? Long.parseLong(args[0]) : 1024) << 20;
        int repetitions = args.length > 1 ? Integer.parseInt(args[1]) : 5;
        int columns = args.length > 2 ? Integer.parseInt(args[2]) : 10;
        var file = Files.createTempFile("floats", ".csv");
        try {
            var names = write(file, bytes, columns);
            var ratios = new ArrayList<Double>();
            for (int i = 0; i < repetitions; i++) {
                long begin = System.nanoTime();
                double theirs = duckDb(file, names);
                long middle = System.nanoTime();
                double ours = ours(file, names);
                long end = System.nanoTime();
                ratios.add((double) (middle - begin) / (end - middle));
                System.out.printf(
                        "DuckDB %.2f s, Fed-BioMed %.2f s: %.2f of DuckDB's speed (sums differ by %.1e)%n",
                        (middle - begin) / 1e9, (end - middle) / 1e9, ratios.getLast(), Math.abs(ours - theirs));
            }
            ratios.sort(null);
            System.out.printf("median %.2f%n", ratios.get(ratios.size() / 2));
        } finally {
            Files.delete(file);
        }
    }

    private static List<String> write(Path file, long bytes, int columns) throws IOException {
        var random = new SplittableRandom(1);
        var names = new ArrayList<String>();
        for (int i = 0; i < columns; i++) {
            names.add("c" + i);
        }
        try (var out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
            out.write((String.join(",", names) + "\n").getBytes(StandardCharsets.US_ASCII));
            for (long written = 0; written < bytes; ) {
                var line = new StringBuilder();
                for (int i = 0; i < columns; i++) {
                    line.append(i == 0 ? "" : ",").append(random.nextDouble());
                }
                var row = line.append('\n').toString().getBytes(StandardCharsets.US_ASCII);
                out.write(row);
                written += row.length;
            }
        }
        return names;
    }

    private static double duckDb(Path file, List<String> names) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:duckdb:");
                var statement = connection.createStatement()) {
            statement.execute("SET threads = 2");
            var sums = names.stream().map(name -> "sum(" + name + ")").collect(Collectors.joining(", "));
            try (var result = statement.executeQuery("SELECT " + sums + " FROM read_csv('" + file + "')")) {
                result.next();
                double sum = 0;
                for (int i = 1; i <= names.size(); i++) {
                    sum += result.getDouble(i);
                }
                return sum;
            }
        }
    }

    private static double ours(Path file, List<String> names) {
        var table = CsvFile.read(file, names);
        double sum = 0;
        for (var name : names) {
            for (double value : table.numbers(name)) {
                sum += value;
            }
        }
        return sum;
    }
}
