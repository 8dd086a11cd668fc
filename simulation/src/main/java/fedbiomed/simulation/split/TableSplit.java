package fedbiomed.simulation.split;

import fedbiomed.data.tabular.CsvDivision;
import fedbiomed.data.tabular.CsvFile;
import fedbiomed.vocabulary.ColumnDescription;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Text;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A CSV file's rows, shared out over nodes. Each row goes to one node, and rows stay in their order.
 *
 * @param nodes how many; 0: as many as a {@link Partition.By} has values
 * @param minimumRows fewest of a node; with fewer there is an error, and nothing is written
 * @param seed the same seed gives the same files
 */
public record TableSplit(Path file, Partition partition, int nodes, int minimumRows, long seed) {
    /** As the usual policy of a node: nothing leaves that is about fewer. */
    public static final int USUAL_MINIMUM = 10;

    /** More than one machine simulates. */
    public static final int MOST_NODES = 10_000;

    /** With more values a column names no classes. */
    private static final int MOST_CLASSES = 1_000;

    private static final int MAX_NAME_CHARS = 50;

    /** One node's part of the rows. */
    public record Part(PartyId node, Path file, long rows) {}

    public TableSplit {
        if (nodes < 0 || nodes > MOST_NODES) {
            throw new IllegalArgumentException("the number of nodes is 1 to " + MOST_NODES + ", not " + nodes);
        }
        if (nodes == 0 && !(partition instanceof Partition.By)) {
            throw new IllegalArgumentException("it is not said over how many nodes the rows are split; give 1 to "
                    + MOST_NODES + ", for example --nodes 100");
        }
        if (minimumRows < 1) {
            throw new IllegalArgumentException(
                    "the minimum of rows a node (--minimum-rows) is at least 1, not " + minimumRows);
        }
    }

    /** Evenly over so many nodes, from seed 0, with {@value #USUAL_MINIMUM} rows at least. */
    public static TableSplit of(Path file, int nodes) {
        return new TableSplit(file, Partition.iid(), nodes, USUAL_MINIMUM, 0);
    }

    /** A node for each value of {@code column}. */
    public static TableSplit by(Path file, String column) {
        return new TableSplit(file, Partition.by(column), 0, USUAL_MINIMUM, 0);
    }

    public TableSplit partition(Partition other) {
        return new TableSplit(file, other, nodes, minimumRows, seed);
    }

    public TableSplit minimumRows(int rows) {
        return new TableSplit(file, partition, nodes, rows, seed);
    }

    public TableSplit seed(long other) {
        return new TableSplit(file, partition, nodes, minimumRows, other);
    }

    /** Of the whole table. */
    public List<ColumnDescription> columns() {
        return CsvFile.describe(file).columns();
    }

    private record Assigned(int[] node, List<PartyId> names) {}

    /**
     * Writes {@code NODE.csv} for each node into {@code folder}.
     *
     * @return by the nodes' names
     * @throws FedbiomedException {@code DATA_UNFIT} if there are too few rows, or the column is not fit
     */
    public List<Part> write(Path folder) {
        var assigned = switch (partition) {
            case Partition.Iid _ -> {
                int rows =
                        (int) Math.min(Integer.MAX_VALUE, CsvFile.describe(file).samples());
                requireRows(rows, 1);
                yield named(Assignment.iid(rows, nodes, new Draws(seed)));
            }
            case Partition.Dirichlet(var alpha, var column) -> {
                var labels = labels(column);
                requireClasses(column, labels);
                requireRows(labels.length, 1);
                yield named(Assignment.dirichlet(labels, nodes, alpha, new Draws(seed)));
            }
            case Partition.Shards(var each, var column) -> {
                var labels = labels(column);
                requireRows(labels.length, each);
                yield named(Assignment.shards(labels, nodes, each, new Draws(seed)));
            }
            case Partition.By(var column) -> byValue(column);
        };
        var rows = new long[assigned.names().size()];
        for (int node : assigned.node()) {
            rows[node]++;
        }
        var parts = new ArrayList<Part>();
        for (int i = 0; i < rows.length; i++) {
            var name = assigned.names().get(i);
            parts.add(new Part(name, folder.resolve(name + ".csv"), rows[i]));
        }
        requireEnough(parts);
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + folder, e);
        }
        CsvDivision.write(file, assigned.node(), parts.stream().map(Part::file).toList());
        return parts;
    }

    private Assigned named(int[] node) {
        int digits = String.valueOf(nodes).length();
        var names = new ArrayList<PartyId>();
        for (int i = 1; i <= nodes; i++) {
            names.add(PartyId.of("node-" + String.format(Locale.ROOT, "%0" + digits + "d", i)));
        }
        return new Assigned(node, names);
    }

    /** Said before anything is drawn; {@code shards} of each node differ by a row. */
    private void requireRows(int rows, int shards) {
        long least = (long) rows / ((long) nodes * shards) * shards;
        if (least < minimumRows) {
            throw unfit(Text.shown(file.toString(), 1000) + " has " + rows + " rows: over " + nodes
                    + " nodes that is fewer than " + minimumRows + " for some (" + least
                    + "). Take fewer nodes, or a smaller minimum of rows (--minimum-rows)");
        }
    }

    private void requireEnough(List<Part> parts) {
        for (var part : parts) {
            if (part.rows() < minimumRows) {
                throw unfit("node " + part.node() + " would have " + part.rows() + " rows, fewer than " + minimumRows
                        + "; leave these rows out, or take a smaller minimum of rows (--minimum-rows)");
            }
        }
    }

    private void requireClasses(String column, String[] labels) {
        int classes = new HashSet<>(Arrays.asList(labels)).size();
        if (classes > MOST_CLASSES) {
            throw unfit("column '" + Text.shown(column) + "' has " + classes + " different values, so it names no"
                    + " classes (at most " + MOST_CLASSES + "); choose another column (--label), or shards:2, which"
                    + " sorts by it");
        }
    }

    private String[] labels(String column) {
        var values = CsvFile.read(file, List.of(column)).texts(column);
        var labels = new String[values.length];
        for (int i = 0; i < values.length; i++) {
            @Nullable String value = values[i];
            if (value == null) {
                throw unfit("row " + (i + 1) + " has no value in column '" + Text.shown(column)
                        + "', by which rows are split; fill it in, or leave the row out");
            }
            labels[i] = value;
        }
        return labels;
    }

    private Assigned byValue(String column) {
        var labels = labels(column);
        var values = new TreeSet<>(Arrays.asList(labels));
        if (values.size() > MOST_NODES) {
            throw unfit("column '" + Text.shown(column) + "' has " + values.size()
                    + " different values, and each is to be a node; at most " + MOST_NODES + " are simulated");
        }
        if (nodes != 0 && nodes != values.size()) {
            throw new IllegalArgumentException("column '" + Text.shown(column) + "' has " + values.size()
                    + " values, and each is a node: leave the number of nodes (" + nodes + ") out");
        }
        var names = new ArrayList<PartyId>();
        var index = new HashMap<String, Integer>();
        var used = new HashSet<PartyId>();
        for (var value : values) {
            index.put(value, names.size());
            var name = name(value, "");
            for (int i = 2; !used.add(name); i++) {
                name = name(value, "-" + i);
            }
            names.add(name);
        }
        var node = new int[labels.length];
        Arrays.setAll(node, i -> Objects.requireNonNull(index.get(labels[i])));
        return new Assigned(node, names);
    }

    /** What of the value a party's name may have. */
    private static PartyId name(String value, String suffix) {
        var slug = value.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-+|-+$", "");
        var cut = slug.length() > MAX_NAME_CHARS ? slug.substring(0, MAX_NAME_CHARS) : slug;
        return PartyId.of((cut.isEmpty() ? "node" : cut) + suffix);
    }

    private static FedbiomedException unfit(String text) {
        return new FedbiomedException(ErrorCode.DATA_UNFIT, text);
    }
}
