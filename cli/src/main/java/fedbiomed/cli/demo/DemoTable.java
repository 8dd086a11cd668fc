package fedbiomed.cli.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The demo's result as a person reads it. */
final class DemoTable {
    private DemoTable() {}

    /** One row a model, on all held-out rows. */
    static String overall(List<ModelScores> models) {
        var lines = new ArrayList<String>();
        lines.add("On everybody's held-out rows (%d), model trained on"
                .formatted(models.getFirst().overall().rows()));
        lines.add("  %-34s %9s %9s %9s".formatted("", "accuracy", "ROC AUC", "log loss"));
        for (var model : models) {
            lines.add("  %-34s %s".formatted(model.trainedOn(), numbers(model.overall())));
        }
        return String.join("\n", lines);
    }

    /** One row a hospital, on its own held-out rows: federated, alone, pooled. */
    static String byHospital(ModelScores global, Map<String, ModelScores> alone, ModelScores pooled) {
        var lines = new ArrayList<String>();
        lines.add("On each hospital's own held-out rows");
        lines.add("  %-18s %4s  %-27s  %-27s  %-27s"
                .formatted("", "", "federated model", "trained here alone", "all rows pooled")
                .stripTrailing());
        var columns = "%8s %8s %9s".formatted("accuracy", "ROC AUC", "log loss");
        lines.add("  %-18s %4s  %s  %s  %s".formatted("hospital", "rows", columns, columns, columns));
        global.byHospital()
                .forEach((hospital, scores) -> lines.add("  %-18s %4d  %s  %s  %s"
                        .formatted(
                                hospital,
                                scores.rows(),
                                short3(scores),
                                short3(at(hospital, alone.get(hospital))),
                                short3(at(hospital, pooled)))));
        return String.join("\n", lines);
    }

    private static ModelScores.@Nullable Scores at(String hospital, @Nullable ModelScores model) {
        return model == null ? null : model.byHospital().get(hospital);
    }

    private static String numbers(ModelScores.Scores scores) {
        return "%9s %9s %9s".formatted(number(scores.accuracy()), number(scores.rocAuc()), number(scores.logLoss()));
    }

    private static String short3(ModelScores.@Nullable Scores scores) {
        return scores == null
                ? "%8s %8s %9s".formatted("-", "-", "-")
                : "%8s %8s %9s".formatted(number(scores.accuracy()), number(scores.rocAuc()), number(scores.logLoss()));
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.3f", value);
    }
}
