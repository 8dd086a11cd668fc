package fedbiomed.data.tabular;

import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A CSV file whose rows are found by one of its columns, the key, which names samples: images, patients, sequences. Keys
 * are compared as they are written, white space around them apart; they may be patients, so that no error repeats one.
 */
public final class KeyedTable {
    private final CsvProblem problem;
    private final Table table;
    private final String key;
    private final Map<String, Integer> rows;

    private KeyedTable(CsvProblem problem, Table table, String key, Map<String, Integer> rows) {
        this.problem = problem;
        this.table = table;
        this.key = key;
        this.rows = rows;
    }

    /**
     * @param key the column that names the sample; empty for the first one
     * @throws FedbiomedException DATA_UNFIT if the file is not fit, has no such column, or two rows have one key
     */
    public static KeyedTable read(Path csv, String key) {
        var problem = new CsvProblem(csv);
        var table = CsvFile.read(csv);
        var by = key.isEmpty() ? table.columnNames().getFirst() : key;
        return new KeyedTable(problem, table, by, rows(problem, table.texts(by), by));
    }

    private static Map<String, Integer> rows(CsvProblem problem, @Nullable String[] keys, String by) {
        var rows = new HashMap<String, Integer>();
        for (int row = 0; row < keys.length; row++) {
            var key = keys[row];
            if (key != null && rows.putIfAbsent(key, row) != null) {
                throw problem.of("two rows have one value in column '" + Text.shown(by)
                        + "', by which samples are found (perhaps more of them, too); leave one row of each");
            }
        }
        return rows;
    }

    /** Those that rows have. */
    public Set<String> keys() {
        return Collections.unmodifiableSet(rows.keySet());
    }

    public boolean has(String key) {
        return rows.containsKey(key.strip());
    }

    /**
     * The columns beside the key, in the order of {@code keys}; rows with another key are left out.
     *
     * @param sample what a sample is, for errors, e.g. {@code image}
     * @throws FedbiomedException DATA_UNFIT if a sample has no row; keys are counted, not named
     */
    public SampleTable rows(List<String> keys, String sample) {
        var order = new int[keys.size()];
        int missing = 0;
        for (int i = 0; i < order.length; i++) {
            var row = rows.get(keys.get(i).strip());
            if (row == null) {
                missing++;
            } else {
                order[i] = row;
            }
        }
        if (missing > 0) {
            throw problem.of(missing + " of " + keys.size() + " " + sample + "s have no row whose column '"
                    + Text.shown(key) + "' names them; add the rows, or remove these " + sample + "s");
        }
        var joined = new SampleTable();
        table.columnNames().stream().filter(name -> !name.equals(key)).forEach(name -> joined.put(table, name, order));
        return joined;
    }
}
