package fedbiomed.researcher.command;

import fedbiomed.protocol.command.ExitCodes;
import fedbiomed.protocol.command.FedbiomedCommand;
import fedbiomed.protocol.home.DurationText;
import fedbiomed.researcher.Researcher;
import fedbiomed.researcher.experiment.Experiment;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fedbiomed check}. */
@Command(
        name = "check",
        description =
                "Tries an experiment before its first round: at every node the plan is compiled, the data are opened, and"
                        + " a batch goes forward and back.",
        exitCodeList = {"0:every participant is ready", ExitCodes.FAILED_TEXT, ExitCodes.USAGE_TEXT})
public final class CheckCommand extends FedbiomedCommand {
    @Mixin
    HomeOption at = new HomeOption();

    @Parameters(paramLabel = "EXPERIMENT.yaml", description = "The experiment's arguments.")
    Path file = Path.of("experiment.yaml");

    @Option(
            names = "--ask",
            description = "Where a node does not know the plan yet, ask its data manager to review it.")
    boolean ask;

    @Option(names = "--note", paramLabel = "TEXT", description = "What data managers are told with the plan.")
    String note = "";

    @Option(names = "--wait", paramLabel = "TIME", description = "How long each node is waited for (2m).")
    String wait = "2m";

    @Option(names = "--json", description = "One line of JSON.")
    boolean json;

    @Override
    protected void run() throws IOException {
        var patience = DurationText.parse(wait);
        var arguments = Experiment.read(file);
        var folder = Files.createTempDirectory("fedbiomed-check");
        try (var researcher = Researcher.open(at.path())) {
            var experiment = Experiment.builder(researcher)
                    .from(arguments)
                    .approvalPatience(Duration.ZERO)
                    .note(note)
                    .folder(folder.resolve("experiment"))
                    .build();
            if (ask) {
                experiment.requestApproval().forEach((node, status) -> out().println("node " + node + ": " + status));
            }
            var report = experiment.check(patience);
            out().println(json ? Json.text(report) : report.table());
            if (!report.allReady()) {
                throw new FedbiomedException(ErrorCode.PLAN_FAILED, "not every participant is ready");
            }
        } finally {
            remove(folder);
        }
    }

    private static void remove(Path folder) throws IOException {
        try (var all = Files.walk(folder)) {
            for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
