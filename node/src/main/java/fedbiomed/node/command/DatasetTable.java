package fedbiomed.node.command;

import fedbiomed.node.policy.Policy;
import fedbiomed.node.registry.DatasetInspection;
import fedbiomed.node.registry.DatasetInspection.Condition;
import fedbiomed.node.registry.RegisteredDataset;
import fedbiomed.vocabulary.TextTable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Datasets, one a line, with what a glance at their files tells. */
final class DatasetTable {
    private DatasetTable() {}

    /** @param policy by which some are too small to be offered; {@code null} where that is said elsewhere */
    static TextTable of(List<RegisteredDataset> datasets, @Nullable Policy policy) {
        var table = new TextTable("ID", "NAME", "KIND", "ROWS", "COLUMNS", "TAGS", "STATE");
        datasets.forEach(dataset -> {
            var description = dataset.description();
            table.row(
                    dataset.id(),
                    description.name(),
                    description.kind(),
                    description.rows(),
                    description.columns().size(),
                    String.join(", ", description.tags()),
                    state(dataset, policy));
        });
        return table;
    }

    /** In a word or two. */
    static String state(RegisteredDataset dataset, @Nullable Policy policy) {
        var condition = DatasetInspection.glance(dataset);
        return condition == Condition.OK && policy != null && Policies.isTooSmall(policy, dataset.description())
                ? "not offered: too few"
                : condition.word();
    }
}
