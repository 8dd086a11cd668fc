package fedbiomed.node.command;

import fedbiomed.node.registry.RegisteredDataset;
import fedbiomed.vocabulary.ColumnDescription;
import fedbiomed.vocabulary.DatasetDescription;
import fedbiomed.vocabulary.Text;
import fedbiomed.vocabulary.TextTable;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** A dataset as the data manager sees it, with its path; and as JSON. */
final class DatasetPrinter {
    private static final int SHOWN_VALUES = 10;

    private DatasetPrinter() {}

    record Shown(String path, Map<String, String> settings, DatasetDescription description) {
        static Shown of(RegisteredDataset dataset) {
            return new Shown(dataset.path().toString(), dataset.stored().settings(), dataset.description());
        }
    }

    static void print(RegisteredDataset dataset, PrintWriter out) {
        var description = dataset.description();
        out.println(dataset.id() + "  " + Text.shown(description.name()));
        if (!description.description().isEmpty()) {
            out.println(Text.shown(
                    description.description(), description.description().length()));
        }
        out.println("lies in      " + dataset.path() + " (stays there)");
        out.println("kind         " + description.kind());
        dataset.stored().settings().forEach((setting, value) -> out.println("set          " + setting + "=" + value));
        out.println("tags         " + String.join(", ", description.tags()));
        out.println((description.isTable() ? "rows         " : "samples      ") + description.rows());
        out.println("fingerprint  " + description.fingerprint());
        out.println();
        var table = description.isTable() ? columns(description.columns()) : arrays(description.columns());
        table.print(out);
    }

    private static String shape(ColumnDescription array) {
        if (array.dtype() == null) {
            return "one text";
        }
        return array.shape().isEmpty() ? "one number" : array.shape().toString();
    }

    private static TextTable columns(List<ColumnDescription> columns) {
        var table = new TextTable("COLUMN", "TYPE", "MISSING");
        columns.forEach(column -> table.row(column.name(), type(column), column.missing()));
        return table;
    }

    private static String type(ColumnDescription column) {
        var name = column.type().name().toLowerCase(Locale.ROOT);
        var detail = column.detail();
        if (detail == null || detail.categories() == 0) {
            return name;
        }
        var some = detail.values().stream().limit(SHOWN_VALUES).map(Text::shown).toList();
        return name + " ("
                + (some.isEmpty()
                        ? detail.categories() + " values"
                        : String.join(", ", some) + (detail.categories() > some.size() ? ", ..." : ""))
                + ")";
    }

    private static TextTable arrays(List<ColumnDescription> arrays) {
        var table = new TextTable("ARRAY", "DTYPE", "SHAPE OF A SAMPLE", "MISSING");
        arrays.forEach(array -> table.row(
                array.name(), Objects.requireNonNullElse(array.dtype(), "text"), shape(array), array.missing()));
        return table;
    }
}
