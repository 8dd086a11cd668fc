package fedbiomed.node.command;

import com.fasterxml.jackson.annotation.JsonInclude;
import fedbiomed.data.loading.LoadedColumn;
import fedbiomed.data.loading.LoadingPlan;
import fedbiomed.data.loading.OtherColumns;
import fedbiomed.node.registry.RegisteredDataset;
import fedbiomed.vocabulary.DatasetDescription;
import fedbiomed.vocabulary.DatasetText;
import fedbiomed.vocabulary.Text;
import fedbiomed.vocabulary.TextTable;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A dataset as the data manager sees it: what researchers see, and then what stays here; and as JSON. */
final class DatasetPrinter {
    private static final int MAX_VALUES_CHARS = 2000;

    private DatasetPrinter() {}

    /** @param state what a glance at its files tells; {@code null} where nobody looked */
    record Shown(
            String path,
            Map<String, String> settings,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            LoadingPlan loadingPlan,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String state,

            DatasetDescription description,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> notes) {
        static Shown of(RegisteredDataset dataset) {
            return of(dataset, null, dataset.notes());
        }

        /** One of many: its notes 'dataset show' tells. */
        static Shown of(RegisteredDataset dataset, @Nullable String state) {
            return of(dataset, state, List.of());
        }

        private static Shown of(RegisteredDataset dataset, @Nullable String state, List<String> notes) {
            var stored = dataset.stored();
            return new Shown(
                    dataset.path().toString(),
                    stored.settings(),
                    stored.loadingPlan(),
                    state,
                    dataset.description(),
                    notes);
        }
    }

    static void print(RegisteredDataset dataset, PrintWriter out) {
        DatasetText.lines(dataset.description()).forEach(out::println);
        out.println();
        out.println("Only you see:");
        out.println("lies in      " + dataset.path() + " (stays there)");
        dataset.stored().settings().forEach((setting, value) -> out.println("set          " + setting + "=" + value));
        var plan = dataset.stored().loadingPlan();
        if (plan != null) {
            out.println("loading plan " + plan.name() + ":");
            print(plan, out);
        }
    }

    /** What was noticed while it was read. */
    static void printNotes(RegisteredDataset dataset, PrintWriter out) {
        notes(dataset).forEach(out::println);
    }

    static List<String> notes(RegisteredDataset dataset) {
        if (dataset.notes().isEmpty()) {
            return List.of();
        }
        return Stream.concat(
                        Stream.of("", "For you alone, not for researchers:"),
                        dataset.notes().stream().map(note -> "- " + note))
                .toList();
    }

    /** Its columns, and what becomes of others. */
    static void print(LoadingPlan plan, PrintWriter out) {
        var table = new TextTable("AGREED NAME", "HERE", "VALUES HERE", "OTHER VALUES");
        plan.columns().forEach(column -> {
            var others = column.otherValues();
            table.row(
                    column.name(),
                    column.from(),
                    values(column),
                    others == null ? "" : others.name().toLowerCase(Locale.ROOT));
        });
        table.print(out);
        out.println(
                plan.otherColumns() == OtherColumns.KEPT
                        ? "Other columns are kept under their own names."
                        : "Other columns are hidden from researchers.");
    }

    private static String values(LoadedColumn column) {
        var values = column.values().entrySet().stream()
                .map(entry -> entry.getKey() + " -> " + (entry.getValue().isEmpty() ? "missing" : entry.getValue()))
                .toList();
        return Text.shown(String.join(", ", values), MAX_VALUES_CHARS);
    }
}
