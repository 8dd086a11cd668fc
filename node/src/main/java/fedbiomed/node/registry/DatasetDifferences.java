package fedbiomed.node.registry;

import fedbiomed.data.source.DatasetContent;
import fedbiomed.vocabulary.ColumnDescription;
import fedbiomed.vocabulary.DatasetDescription;
import fedbiomed.vocabulary.Text;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;

/** In which way a content differs from the one that was described before, in sentences for the data manager. */
public final class DatasetDifferences {
    private DatasetDifferences() {}

    public static List<String> of(DatasetDescription before, DatasetContent now) {
        var lines = new ArrayList<String>();
        if (before.rows() != now.samples()) {
            lines.add("samples: " + before.rows() + " before, " + now.samples() + " now");
        }
        var old = byName(before.columns());
        var present = byName(now.columns());
        old.forEach((name, column) -> {
            var other = present.get(name);
            if (other == null) {
                lines.add("column '" + name + "' is gone");
            } else {
                compare(name, column, other, lines);
            }
        });
        present.forEach((name, column) -> {
            if (!old.containsKey(name)) {
                lines.add("column '" + name + "' is new: " + kind(column));
            }
        });
        if (lines.isEmpty()) {
            lines.add("the same samples and columns, with other values or in another order");
        }
        return lines;
    }

    private static void compare(String name, ColumnDescription before, ColumnDescription now, List<String> lines) {
        if (!kind(before).equals(kind(now))) {
            lines.add("column '" + name + "': " + kind(before) + " before, " + kind(now) + " now");
        }
        if (before.missing() != now.missing()) {
            lines.add("column '" + name + "': " + before.missing() + " missing before, " + now.missing() + " now");
        }
    }

    private static String kind(ColumnDescription column) {
        var dtype = column.dtype();
        return dtype == null
                ? column.type().name().toLowerCase(Locale.ROOT)
                : dtype + (column.shape().isEmpty() ? "" : " " + column.shape());
    }

    private static SequencedMap<String, ColumnDescription> byName(List<ColumnDescription> columns) {
        var byName = new LinkedHashMap<String, ColumnDescription>();
        columns.forEach(column -> byName.put(Text.shown(column.name()), column));
        return byName;
    }
}
