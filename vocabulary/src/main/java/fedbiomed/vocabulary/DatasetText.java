package fedbiomed.vocabulary;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** A dataset's description for a person: what a researcher sees of it, and the data manager before that. */
public final class DatasetText {
    private static final int MAX_LIST_CHARS = 2000;
    private static final int SHOWN_VALUES = 10;

    private DatasetText() {}

    public static List<String> lines(DatasetDescription dataset) {
        var lines = new ArrayList<String>();
        lines.add(Text.shown(dataset.id()) + "  " + Text.shown(dataset.name()));
        if (!dataset.description().isEmpty()) {
            lines.add(Text.shownLines(dataset.description(), MAX_LIST_CHARS));
        }
        lines.add("kind         " + Text.shown(dataset.kind()));
        lines.add("tags         " + list(dataset.tags()));
        boolean table = dataset.form() == DataForm.TABLE;
        lines.add((table ? "rows         " : "samples      ") + dataset.rows());
        lines.add("fingerprint  " + Text.shown(dataset.fingerprint()));
        var plan = dataset.loadingPlan();
        if (plan != null) {
            lines.add("loading plan " + Text.shown(plan.name()) + told("maps", plan.mapped())
                    + told("recodes", plan.recoded()));
        }
        lines.add("");
        if (dataset.form() == DataForm.FILES) {
            lines.add("What the files hold, a plan's own reader says.");
            return lines;
        }
        lines.addAll((table ? columns(dataset.columns()) : arrays(dataset.columns())).lines());
        for (var column : dataset.columns()) {
            if (column.content() != null) {
                lines.add(Text.shown(column.name()) + ": " + Text.shown(column.content(), MAX_LIST_CHARS));
            }
        }
        return lines;
    }

    private static String told(String what, List<String> names) {
        return names.isEmpty() ? "" : "; " + what + " " + list(names);
    }

    private static String list(Iterable<String> names) {
        return Text.shown(String.join(", ", names), MAX_LIST_CHARS);
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

    private static String shape(ColumnDescription array) {
        if (array.dtype() == null) {
            return "one text";
        }
        return array.shape().isEmpty() ? "one number" : array.shape().toString();
    }
}
