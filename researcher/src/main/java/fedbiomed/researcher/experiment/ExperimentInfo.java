package fedbiomed.researcher.experiment;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/**
 * What an experiment is, and where it stands.
 *
 * @param entries what each line says, by its name
 */
public record ExperimentInfo(SequencedMap<String, String> entries) {
    static ExperimentInfo of(ExperimentParts parts) {
        var arguments = parts.arguments();
        var training = arguments.trainingArgs();
        var entries = new LinkedHashMap<String, String>();
        entries.put("folder", parts.folder().root().toString());
        entries.put("run", parts.begun().runId());
        var origin = parts.begun().origin();
        if (origin != null) {
            entries.put("origin", text(origin));
        }
        entries.put(
                "training plan",
                parts.source().className() + ", id " + parts.source().id().abbreviated());
        entries.put("model_args", arguments.modelArgs().values().toString());
        entries.put(
                "training data",
                parts.begun().participants().stream()
                        .map(dataset -> dataset.participant() + " (" + dataset.name() + ", "
                                + String.format(Locale.ROOT, "%,d", dataset.rows()) + " rows)")
                        .collect(Collectors.joining("\n")));
        entries.put("aggregator", arguments.aggregator().toString());
        entries.put("strategy", arguments.strategy().toString());
        entries.put(
                "rounds", Math.max(0, parts.folder().lastFinishedRound()) + " of " + arguments.rounds() + " finished");
        var stopping = arguments.earlyStopping();
        entries.put(
                "early stopping",
                stopping == null
                        ? "none"
                        : "when " + stopping.metric() + " has not got better (" + stopping.mode() + ") for "
                                + stopping.patience() + " rounds");
        entries.put(
                "training",
                (training.numUpdates() == null ? training.epochs() + " epochs" : training.numUpdates() + " updates")
                        + " a round, batch_size " + training.loaderArgs().batchSize());
        entries.put("test_ratio", "" + training.testRatio());
        entries.put("seed", "" + arguments.seed());
        entries.put("retain_full_history", "" + arguments.retainFullHistory());
        return new ExperimentInfo(entries);
    }

    static String text(ExperimentFile.Origin origin) {
        return switch (origin.kind()) {
            case BRANCH ->
                "goes on from round " + origin.round() + " of the run " + origin.runId() + " (" + origin.folder() + ")";
            case REPRODUCTION ->
                "repeats the run " + origin.runId() + " (" + origin.folder() + ")"
                        + (origin.round() > 0 ? " from its round " + origin.round() : "");
        };
    }

    /** A line an entry. */
    @Override
    public String toString() {
        int width = entries.keySet().stream().mapToInt(String::length).max().orElse(0) + 2;
        var text = new StringBuilder();
        entries.forEach((name, value) -> text.append(name)
                .append(" ".repeat(width - name.length()))
                .append(value.replace("\n", "\n" + " ".repeat(width)))
                .append('\n'));
        return text.toString();
    }
}
