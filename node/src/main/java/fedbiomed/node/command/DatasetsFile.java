package fedbiomed.node.command;

import fedbiomed.node.yaml.YamlFields;
import fedbiomed.node.yaml.YamlLines;
import fedbiomed.node.yaml.YamlLines.Mapping;
import fedbiomed.node.yaml.YamlLines.Sequence;
import fedbiomed.node.yaml.YamlLines.Value;
import fedbiomed.node.yaml.YamlProblem;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** Several datasets in one YAML file; docs/datasets.md tells its keys. Paths are those from its own folder. */
record DatasetsFile(Path file) {
    private static final int MAX_BYTES = 4 << 20;
    private static final List<String> KEYS =
            List.of("path", "kind", "name", "tags", "description", "settings", "loading_plan");

    /** @param line where it stands, for what turns out to be wrong with it */
    record Entry(int line, WantedDataset dataset) {}

    /** @throws FedbiomedException DATA_UNFIT with file and line */
    List<Entry> read() {
        try {
            var node = YamlLines.read(file, MAX_BYTES, "datasets: with a list below it");
            YamlFields.requireKnown(node, "", List.of("datasets"));
            if (!(node.values().get("datasets") instanceof Sequence datasets)
                    || datasets.values().isEmpty()) {
                throw new YamlProblem(node.line(), "'datasets' must be a list with path and name of each dataset");
            }
            var entries = new ArrayList<Entry>();
            var seen = new HashSet<String>();
            for (var value : datasets.values()) {
                var entry = entry(value);
                var dataset = entry.dataset;
                if (!seen.add(dataset.name() + "\0" + dataset.path().normalize())) {
                    throw new YamlProblem(
                            entry.line, "'" + dataset.path() + "' is there twice under one name; leave one out");
                }
                entries.add(entry);
            }
            return entries;
        } catch (YamlProblem e) {
            throw new FedbiomedException(ErrorCode.DATA_UNFIT, file + ", " + e.text(), e);
        }
    }

    private Entry entry(Value value) {
        if (!(value instanceof Mapping mapping)) {
            throw new YamlProblem(
                    value.line(), "each of 'datasets' must have a path and a name, such as path: heart.csv");
        }
        var fields = YamlFields.of(mapping, "datasets.", KEYS);
        var path = fields.text("path", "the dataset's file or folder, such as heart.csv");
        var description = fields.find("description", "what it holds, for researchers");
        return new Entry(
                mapping.line(),
                new WantedDataset(
                        file.toAbsolutePath().resolveSibling(path).normalize(),
                        fields.find("kind", "one of those that 'fedbiomed node dataset kinds' lists"),
                        fields.text("name", "what people call it"),
                        fields.texts("tags", "a list of words such as [heart, 2026]"),
                        description == null ? "" : description,
                        fields.textsByKey("settings", "settings with values, such as size: 128x128"),
                        fields.find("loading_plan", "the name of a saved loading plan")));
    }
}
