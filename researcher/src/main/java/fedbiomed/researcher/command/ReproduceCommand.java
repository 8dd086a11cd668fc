package fedbiomed.researcher.command;

import fedbiomed.protocol.command.CommandFailed;
import fedbiomed.protocol.command.ExitCodes;
import fedbiomed.protocol.command.FedbiomedCommand;
import fedbiomed.protocol.home.DurationText;
import fedbiomed.researcher.Researcher;
import fedbiomed.researcher.experiment.Experiment;
import fedbiomed.researcher.experiment.ExperimentBuilder;
import fedbiomed.researcher.experiment.Reproduction;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fedbiomed reproduce}. */
@Command(
        name = "reproduce",
        description = {
            "Do an experiment once more, and say whether the bytes of its models agree.",
            "Every node trains again: with the same plan, arguments and seed, and in each round those whose answers were"
                    + " accepted. The original stays as it is."
        },
        exitCodeList = {
            "0:every round's model has the same bytes",
            "1:they differ, or it failed; the error says which",
            ExitCodes.USAGE_TEXT,
            ExitCodes.ROUND_FAILED_TEXT,
            ExitCodes.INTERRUPTED_TEXT
        })
public final class ReproduceCommand extends FedbiomedCommand {
    @Mixin
    HomeOption at = new HomeOption();

    @Parameters(paramLabel = "FOLDER", description = "The experiment's folder.")
    Path original = Path.of("");

    @Option(
            names = "--folder",
            paramLabel = "FOLDER",
            description = "Where the new experiment is kept (default: beside it, as FOLDER-reproduced).")
    @Nullable
    Path folder;

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            description = "How long to wait for the data managers' approval (default: ${DEFAULT-VALUE}).")
    String wait = DurationText.of(ExperimentBuilder.APPROVAL_PATIENCE);

    @Option(names = "--json", description = "End with the result as one line of JSON.")
    boolean json;

    @Override
    protected void run() {
        var patience = DurationText.parse(wait);
        try (var researcher = Researcher.open(at.path());
                var progress = RunProgress.on(out())) {
            var reproduction = Experiment.reproduction(researcher, original)
                    .approvalPatience(patience)
                    .listener(progress);
            if (folder != null) {
                reproduction.folder(folder);
            }
            var outcome = new ArrayList<Reproduction.Outcome>();
            var foreground = new Foreground(progress, this::error, "fedbiomed reproduce " + original);
            if (foreground.run(() -> outcome.add(reproduction.run()), Interruption.ofThisThread())) {
                show(outcome.getFirst());
            }
        }
    }

    private void show(Reproduction.Outcome outcome) {
        if (json) {
            var result = new TreeMap<String, Object>();
            result.put("folder", outcome.folder().toString());
            result.put("rounds", outcome.rounds());
            result.put("agrees", outcome.agrees());
            result.put("differing", outcome.differing());
            printJson(result);
        }
        var rounds = outcome.rounds() + (outcome.rounds() == 1 ? " round" : " rounds");
        if (outcome.agrees()) {
            out().println("Done again in " + outcome.folder() + ": " + rounds
                    + ", and every model has the same bytes as in " + original + ".");
            return;
        }
        var differing = outcome.differing().entrySet().stream()
                .map(entry -> entry.getKey() + " (by up to " + entry.getValue() + ")")
                .collect(Collectors.joining(", "));
        throw new CommandFailed(
                1,
                "done again in " + outcome.folder() + ", but the models differ after round " + differing
                        + ". Machines of other kinds, other library versions or changed data give other last bits; compare"
                        + " both report.html");
    }
}
