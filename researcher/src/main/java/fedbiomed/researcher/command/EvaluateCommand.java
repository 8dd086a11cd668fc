package fedbiomed.researcher.command;

import fedbiomed.protocol.command.ExitCodes;
import fedbiomed.protocol.command.FedbiomedCommand;
import fedbiomed.protocol.home.DurationText;
import fedbiomed.researcher.Researcher;
import fedbiomed.researcher.experiment.Evaluation;
import fedbiomed.researcher.experiment.Experiment;
import fedbiomed.researcher.experiment.ExperimentListener;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fedbiomed evaluate}. */
@Command(
        name = "evaluate",
        description = {
            "Test an experiment's global model where the data are, without training.",
            "Datasets that it was trained on are tested on the rows that were held out, others on all of their rows. The"
                    + " plan must be approved at each node."
        },
        exitCodeList = {
            "0:it is tested",
            ExitCodes.FAILED_TEXT,
            ExitCodes.USAGE_TEXT,
            ExitCodes.ROUND_FAILED_TEXT,
            ExitCodes.INTERRUPTED_TEXT
        })
public final class EvaluateCommand extends FedbiomedCommand {
    @Mixin
    HomeOption at = new HomeOption();

    @Parameters(paramLabel = "FOLDER", description = "The experiment's folder.")
    Path folder = Path.of("");

    @Option(
            names = "--tags",
            paramLabel = "TAG",
            split = ",",
            description = "On datasets that have all of these tags (default: on the experiment's own).")
    List<String> tags = new ArrayList<>();

    @Option(names = "--nodes", paramLabel = "NODE", split = ",", description = "On datasets of these nodes alone.")
    List<String> nodes = new ArrayList<>();

    @Option(names = "--round", paramLabel = "N", description = "The model after round N (default: after the last).")
    @Nullable
    Integer round;

    @Option(
            names = "--model",
            paramLabel = "FILE",
            description = "Another model of the same plan, as an experiment saved it.")
    @Nullable
    Path model;

    @Option(
            names = "--test-ratio",
            paramLabel = "PART",
            description = "The part of the rows of datasets that it was not trained on (default: 1, all).")
    @Nullable
    Double testRatio;

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            description = "How long to wait for the data managers' approval (default: ${DEFAULT-VALUE}).")
    String wait = "0s";

    @Option(names = "--json", description = "End with the result as one line of JSON.")
    boolean json;

    @Override
    protected void run() {
        if (round != null && model != null) {
            throw new IllegalArgumentException("--round and --model each say which model; give one of them");
        }
        var patience = wait.equals("0s") ? Duration.ZERO : DurationText.parse(wait);
        try (var researcher = Researcher.open(at.path());
                var progress = RunProgress.on(out())) {
            var experiment = Experiment.resume(researcher, folder).listener(notices());
            var test = experiment
                    .evaluation()
                    .tags(tags.toArray(String[]::new))
                    .nodes(nodes.toArray(String[]::new))
                    .approvalPatience(patience);
            if (round != null) {
                test.round(round);
            }
            if (model != null) {
                test.model(model);
            }
            if (testRatio != null) {
                test.testRatio(testRatio);
            }
            var result = new ArrayList<Evaluation>();
            var foreground = new Foreground(progress, this::error, "fedbiomed evaluate " + folder);
            if (foreground.run(() -> result.add(test.run()), Interruption.ofThisThread())) {
                show(result.getFirst());
            }
        }
    }

    private ExperimentListener notices() {
        return new ExperimentListener() {
            @Override
            public void notice(String text) {
                note(text);
            }
        };
    }

    private void show(Evaluation test) {
        ResultTable.of("The model on " + test.rows() + " rows:", test).forEach(out()::println);
        test.outcomes().stream()
                .filter(outcome -> !test.sums().containsKey(outcome.participant()))
                .forEach(outcome -> out().println("Without " + outcome.line()));
        if (json) {
            var result = new TreeMap<String, Object>();
            result.put("rows", test.rows());
            result.put("all_together", test.pooled());
            var each = new TreeMap<String, Object>();
            test.metrics().forEach((participant, metrics) -> each.put(participant.toString(), metrics));
            result.put("each", each);
            printJson(result);
        }
    }
}
