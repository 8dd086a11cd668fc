package fedbiomed.node.command;

import fedbiomed.node.registry.DatasetRegistry;
import fedbiomed.node.registry.LoadingPlanRegistry;
import fedbiomed.node.registry.RegisteredDataset;
import fedbiomed.node.yaml.YamlFields;
import fedbiomed.node.yaml.YamlLines;
import fedbiomed.node.yaml.YamlLines.Mapping;
import fedbiomed.node.yaml.YamlLines.Sequence;
import fedbiomed.node.yaml.YamlLines.Value;
import fedbiomed.node.yaml.YamlProblem;
import fedbiomed.protocol.command.CommandFailed;
import fedbiomed.protocol.command.ExitCodes;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.Consumer;

/** Several datasets in one YAML file; docs/datasets.md tells its keys. Paths are those from its own folder. */
record DatasetsFile(Path file) {
    private static final int MAX_BYTES = 4 << 20;
    private static final List<String> KEYS =
            List.of("path", "kind", "name", "tags", "description", "settings", "loading_plan");

    /** @param line where it stands, for what turns out to be wrong with it */
    private record Entry(int line, WantedDataset dataset) {}

    /** @throws FedbiomedException DATA_UNFIT with file and line */
    private List<Entry> read() {
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

    /**
     * Reads them all, sharing none yet.
     *
     * @param problems told of each that is not fit
     * @throws CommandFailed if one is not
     */
    List<RegisteredDataset> prepare(DatasetRegistry datasets, LoadingPlanRegistry plans, Consumer<String> problems) {
        var entries = read();
        var prepared = new ArrayList<RegisteredDataset>();
        for (var entry : entries) {
            try {
                prepared.add(entry.dataset().prepare(datasets, plans));
            } catch (FedbiomedException e) {
                problems.accept(file + ", line " + entry.line() + ": " + e.text());
            }
        }
        int unfit = entries.size() - prepared.size();
        if (unfit > 0) {
            throw new CommandFailed(
                    ExitCodes.FAILED,
                    unfit + " of " + entries.size() + " datasets are not fit, see above; none was shared");
        }
        return prepared;
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
