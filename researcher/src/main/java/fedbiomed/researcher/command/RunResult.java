package fedbiomed.researcher.command;

import fedbiomed.researcher.experiment.BestRound;
import fedbiomed.researcher.experiment.Evaluation;
import fedbiomed.researcher.experiment.Experiment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a run ends with: its figures, and where model and report are. */
public final class RunResult {
    private final Experiment experiment;

    public RunResult(Experiment experiment) {
        this.experiment = experiment;
    }

    /** @param each whether each participant has a line of its own */
    public List<String> lines(boolean each) {
        var lines = new ArrayList<>(each ? ResultTable.of(experiment) : ResultTable.ofAllTogether(experiment));
        best().filter(best -> best.round() != experiment.finishedRounds())
                .ifPresent(best -> lines.add("By " + best.metric() + " the model of round " + best.round()
                        + " is the best (" + String.format(Locale.ROOT, "%.4f", best.value()) + "): "
                        + experiment.globalModel(best.round()).file()));
        lines.add("Global model: " + experiment.globalModel().file());
        lines.add("Report:       " + experiment.report());
        return lines;
    }

    /** By what was looked at while it ran; a figure of updates, or of training, says nothing of global models. */
    private Optional<BestRound> best() {
        var rule = experiment.arguments().earlyStopping();
        return rule == null || !rule.looksAtGlobalModels()
                ? Optional.empty()
                : experiment.bestRound(rule.metric(), rule.direction());
    }

    /** For scripts. */
    public Map<String, Object> json() {
        var model = experiment.globalModel();
        var last = experiment.summary(model.round());
        var result = new TreeMap<String, Object>();
        result.put("folder", experiment.folder().toString());
        result.put("rounds", model.round());
        result.put("model", model.file().toString());
        result.put("report", experiment.report().toString());
        result.put("participants", last.asked());
        result.put("accepted", last.accepted());
        result.put(
                "test_on_global_updates",
                experiment.finalTest().map(Evaluation::pooled).orElseGet(last::pooledGlobal));
        result.put("test_on_local_updates", last.pooledLocal());
        best().ifPresent(best -> result.put("best_round", best.round()));
        return result;
    }
}
