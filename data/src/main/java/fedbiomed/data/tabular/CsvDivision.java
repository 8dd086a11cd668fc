package fedbiomed.data.tabular;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Shares the rows of a CSV file out over several files, each with the same header; values are written as they stand. */
public final class CsvDivision {
    private CsvDivision() {}

    /**
     * Writes the files; of a row its order among those of its file stays. They are separated by commas, whatever {@code
     * file} is.
     *
     * @param parts of each row, the index in {@code targets} of its file
     * @throws FedbiomedException as {@link CsvFile#describe}; DATASET_CHANGED if it has another number of rows; INTERNAL if
     *     a target cannot be written
     */
    public static void write(Path file, int[] parts, List<Path> targets) {
        var writers = new ArrayList<BufferedWriter>();
        try (var csv = CsvRows.open(file)) {
            try {
                for (var target : targets) {
                    writers.add(Files.newBufferedWriter(target, StandardCharsets.UTF_8));
                }
                for (var writer : writers) {
                    write(writer, csv.header());
                }
                var row = new int[1];
                csv.forEach((fields, _) -> {
                    if (row[0] < parts.length) {
                        write(writers.get(parts[row[0]]), fields);
                    }
                    row[0]++;
                });
                if (row[0] != parts.length) {
                    throw new FedbiomedException(
                            ErrorCode.DATASET_CHANGED, file + " changed while it was shared out; try again");
                }
            } finally {
                for (var writer : writers) {
                    writer.close();
                }
            }
        } catch (IOException e) {
            throw notWritten(e);
        }
    }

    private static void write(BufferedWriter writer, List<String> fields) {
        try {
            for (int i = 0; i < fields.size(); i++) {
                if (i > 0) {
                    writer.write(',');
                }
                writer.write(written(fields.get(i), fields.size() == 1));
            }
            writer.write('\n');
        } catch (IOException e) {
            throw notWritten(e);
        }
    }

    /** @param alone an empty line would be passed over */
    private static String written(String field, boolean alone) {
        boolean plain = !(alone && field.isEmpty());
        for (int i = 0; plain && i < field.length(); i++) {
            plain = ",;\t\"\r\n".indexOf(field.charAt(i)) < 0;
        }
        return plain ? field : '"' + field.replace("\"", "\"\"") + '"';
    }

    private static FedbiomedException notWritten(IOException e) {
        return new FedbiomedException(
                ErrorCode.INTERNAL,
                "a part of the table cannot be written (" + e.getClass().getSimpleName()
                        + "); look at the disk's space and at how many files may be open (ulimit -n)",
                e);
    }
}
