package fedbiomed.node.registry;

import fedbiomed.data.loading.LoadedColumn;
import fedbiomed.data.loading.LoadingPlan;
import fedbiomed.data.loading.OtherColumns;
import fedbiomed.data.loading.OtherValues;
import fedbiomed.node.yaml.YamlFields;
import fedbiomed.node.yaml.YamlLines;
import fedbiomed.node.yaml.YamlLines.Mapping;
import fedbiomed.node.yaml.YamlLines.Nothing;
import fedbiomed.node.yaml.YamlLines.Scalar;
import fedbiomed.node.yaml.YamlLines.Sequence;
import fedbiomed.node.yaml.YamlProblem;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A loading plan as the data manager writes it (YAML; docs/datasets.md tells its keys). */
public final class LoadingPlanFile {
    private static final int MAX_BYTES = 4 << 20;

    private LoadingPlanFile() {}

    /** @throws FedbiomedException DATA_UNFIT with file, line and remedy */
    public static LoadingPlan read(Path file) {
        try {
            return plan(YamlLines.read(file, MAX_BYTES, "name: hearts"));
        } catch (YamlProblem e) {
            throw new FedbiomedException(
                    ErrorCode.DATA_UNFIT,
                    file + ", " + e.text() + ". What a loading plan says is told in docs/datasets.md",
                    e);
        }
    }

    private static LoadingPlan plan(Mapping node) {
        var fields = YamlFields.of(node, "", List.of("name", "columns", "other_columns"));
        var name = fields.text("name", "what the plan is called, such as hearts-2026");
        var others = switch (fields.find("other_columns", "kept or hidden")) {
            case null -> OtherColumns.KEPT;
            case "kept" -> OtherColumns.KEPT;
            case "hidden" -> OtherColumns.HIDDEN;
            default -> throw wrong(node, "other_columns", "kept or hidden");
        };
        if (!(node.values().get("columns") instanceof Mapping columns)) {
            throw wrong(node, "columns", "agreed names with the node's own, such as age: alter");
        }
        var loaded = new ArrayList<LoadedColumn>();
        columns.values().forEach((agreed, value) -> loaded.add(atLine(value.line(), () -> column(agreed, value))));
        return atLine(node.line(), () -> new LoadingPlan(name, loaded, others));
    }

    private interface Reading<T> {
        T read();
    }

    private static <T> T atLine(int line, Reading<T> reading) {
        try {
            return reading.read();
        } catch (FedbiomedException e) {
            throw new YamlProblem(line, e.text());
        }
    }

    private static LoadedColumn column(String agreed, YamlLines.Value value) {
        return switch (value) {
            case Scalar own -> LoadedColumn.of(agreed, own.text());
            // its own name is the agreed one
            case Nothing _ -> LoadedColumn.of(agreed, agreed);
            case Mapping mapping -> recoded(agreed, mapping);
            case Sequence _ ->
                throw new YamlProblem(
                        value.line(),
                        "'columns." + Text.shown(agreed) + "' must be the node's own name of it, or have 'from' and"
                                + " 'values' below it");
        };
    }

    private static LoadedColumn recoded(String agreed, Mapping mapping) {
        var fields = YamlFields.of(
                mapping, "columns." + Text.shown(agreed) + ".", List.of("from", "values", "other_values"));
        var from = fields.find("from", "the node's own name of it");
        var values = fields.textsByKey("values", "own values with the agreed ones, such as M: male");
        return new LoadedColumn(
                agreed, from == null ? agreed : from, new TreeMap<>(values), otherValues(mapping, fields));
    }

    private static @Nullable OtherValues otherValues(Mapping mapping, YamlFields fields) {
        return switch (fields.find("other_values", "kept or refused")) {
            case null -> null;
            case "kept" -> OtherValues.KEPT;
            case "refused" -> OtherValues.REFUSED;
            default -> throw wrong(mapping, "other_values", "kept or refused");
        };
    }

    private static YamlProblem wrong(Mapping node, String key, String form) {
        var value = node.values().get(key);
        return new YamlProblem(value == null ? node.line() : value.line(), "'" + key + "' must be " + form);
    }
}
