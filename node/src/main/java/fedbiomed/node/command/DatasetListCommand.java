package fedbiomed.node.command;

import fedbiomed.node.NodeConfig;
import fedbiomed.node.policy.Policy;
import fedbiomed.node.policy.PolicyFile;
import fedbiomed.node.registry.DatasetInspection;
import fedbiomed.node.registry.DatasetInspection.Condition;
import fedbiomed.node.registry.DatasetRegistry;
import fedbiomed.node.registry.RegisteredDataset;
import fedbiomed.protocol.command.FedbiomedCommand;
import fedbiomed.vocabulary.FedbiomedException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "list", description = "List the datasets that this node shares.")
final class DatasetListCommand extends FedbiomedCommand {
    @Mixin
    HomeOption at = new HomeOption();

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    protected void run() {
        try (var database = at.database()) {
            var datasets = new DatasetRegistry(database, clock()).list();
            var policy = policy();
            if (json) {
                printJson(datasets.stream()
                        .map(dataset -> DatasetPrinter.Shown.of(dataset, DatasetTable.state(dataset, policy)))
                        .toList());
            } else if (datasets.isEmpty()) {
                out().println(
                                "This node shares no dataset. Share one with 'fedbiomed node dataset add FILE --name NAME --tags TAG"
                                        + at.repeated() + "'.");
            } else {
                DatasetTable.of(datasets, policy).print(out());
                explain(datasets);
            }
        }
    }

    private @Nullable Policy policy() {
        var home = at.existing();
        try {
            return Policies.of(home, home.resolve(PolicyFile.FILE), NodeConfig.read(home, System.getenv()));
        } catch (FedbiomedException _) {
            // 'policy check' and 'status' say what is wrong with it
            return null;
        }
    }

    private void explain(List<RegisteredDataset> datasets) {
        if (datasets.stream().anyMatch(dataset -> DatasetInspection.glance(dataset) == Condition.TOUCHED)) {
            note("changed?: files have other lengths or times than when they were last read; 'fedbiomed node dataset"
                    + " check" + at.repeated() + "' reads them and says what is different.");
        }
    }
}
