package fedbiomed.node.command;

import fedbiomed.data.loading.LoadedColumn;
import fedbiomed.data.loading.LoadingPlan;
import fedbiomed.node.registry.DatasetRegistry;
import fedbiomed.node.registry.LoadingPlanRegistry;
import fedbiomed.node.registry.RegisteredDataset;
import fedbiomed.protocol.command.FedbiomedCommand;
import fedbiomed.vocabulary.TextTable;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "list", description = "List the saved loading plans, and the datasets that were added with each.")
final class LoadingPlanListCommand extends FedbiomedCommand {
    @Mixin
    HomeOption at = new HomeOption();

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    protected void run() {
        try (var database = at.database()) {
            var plans = new LoadingPlanRegistry(database, clock()).list();
            if (json) {
                printJson(plans);
            } else if (plans.isEmpty()) {
                out().println("No loading plan is saved. Save one with 'fedbiomed node loading-plan add FILE"
                        + at.repeated() + "'.");
            } else {
                var datasets = new DatasetRegistry(database, clock()).list();
                var table = new TextTable("NAME", "COLUMNS", "RECODED", "OTHER COLUMNS", "DATASETS");
                plans.forEach(plan -> table.row(
                        plan.name(),
                        plan.columns().size(),
                        plan.columns().stream().filter(LoadedColumn::isRecoded).count(),
                        plan.otherColumns().name().toLowerCase(Locale.ROOT),
                        String.join(", ", using(plan, datasets))));
                table.print(out());
            }
        }
    }

    private static List<String> using(LoadingPlan plan, List<RegisteredDataset> datasets) {
        return datasets.stream()
                .filter(dataset -> plan.equals(dataset.stored().loadingPlan()))
                .map(RegisteredDataset::id)
                .toList();
    }
}
