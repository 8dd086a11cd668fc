package fedbiomed.researcher.report;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/** Metrics' names as people write them, and which of them tell most in little room. */
public final class MetricNames {
    private static final Map<String, String> UNUSUAL = Map.of(
            "roc_auc",
            "ROC AUC",
            "f1",
            "F1",
            "brier",
            "Brier score",
            "r2",
            "R²",
            "rmse",
            "RMSE",
            "mse",
            "MSE",
            "mae",
            "MAE");
    private static final Set<String> IN_A_TABLE = Set.of("accuracy", "f1", "roc_auc", "log_loss", "rmse", "mae", "r2");
    private static final Set<String> IN_A_LINE = Set.of("accuracy", "log_loss", "rmse");

    private MetricNames() {}

    /** {@code roc_auc} as {@code ROC AUC}, {@code log_loss} as {@code log loss}. */
    public static String shown(String name) {
        return UNUSUAL.getOrDefault(name, name.replace('_', ' '));
    }

    /** Four at most, in their order; all of them where none is known here. */
    public static SequencedMap<String, Double> forATable(SequencedMap<String, Double> metrics) {
        var chosen = chosen(metrics, IN_A_TABLE);
        return chosen.isEmpty() ? metrics : chosen;
    }

    /** Two at most, in their order. */
    public static SequencedMap<String, Double> atAGlance(SequencedMap<String, Double> metrics) {
        return chosen(metrics, IN_A_LINE);
    }

    private static SequencedMap<String, Double> chosen(SequencedMap<String, Double> metrics, Set<String> names) {
        var chosen = new LinkedHashMap<>(metrics);
        chosen.keySet().retainAll(names);
        return chosen;
    }
}
