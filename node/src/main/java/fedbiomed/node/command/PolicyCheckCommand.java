package fedbiomed.node.command;

import fedbiomed.node.NodeConfig;
import fedbiomed.node.policy.PolicyFile;
import fedbiomed.node.policy.PolicyWords;
import fedbiomed.node.registry.DatasetRegistry;
import fedbiomed.protocol.command.CommandFailed;
import fedbiomed.protocol.command.ExitCodes;
import fedbiomed.protocol.command.FedbiomedCommand;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "check",
        description = "Read a policy file as the node would, and say what it means or what is wrong with it.",
        exitCodeList = {
            "0:it can be read, and its datasets are there",
            ExitCodes.FAILED + ":it cannot, or a dataset that it names is not at this node",
            ExitCodes.USAGE_TEXT
        })
final class PolicyCheckCommand extends FedbiomedCommand {
    @Mixin
    HomeOption at = new HomeOption();

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            description = "The file (default: policy.yaml in the node's home); a changed copy, say, before it is put"
                    + " there.")
    @Nullable
    Path file;

    @Override
    protected void run() {
        var home = at.existing();
        var looked = file == null ? home.resolve(PolicyFile.FILE) : file;
        try (var database = at.database()) {
            var config = NodeConfig.read(home, System.getenv());
            var policy = Policies.of(home, looked, config);
            out().println(looked + " can be read. It means:");
            PolicyWords.of(policy).forEach(line -> out().println("  " + line));
            var datasets = new DatasetRegistry(database, clock());
            Policies.attention(policy, config, datasets).forEach(line -> out().println("ATTENTION: " + line));
            var unknown = Policies.unknownDatasets(policy, datasets);
            if (!unknown.isEmpty()) {
                throw new CommandFailed(
                        ExitCodes.FAILED, "the policy names a dataset that is not at this node, see above");
            }
        }
    }
}
