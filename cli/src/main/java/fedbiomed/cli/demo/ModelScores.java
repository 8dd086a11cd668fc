package fedbiomed.cli.demo;

import fedbiomed.training.metrics.Metrics;
import fedbiomed.vocabulary.EvaluationSums;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * How one model does on everybody's held-out rows.
 *
 * @param trainedOn for the table's first column
 * @param byHospital on each hospital's held-out rows
 * @param overall on all of them pooled, from the hospitals' summed counts and histograms
 */
record ModelScores(String trainedOn, SequencedMap<String, Scores> byHospital, Scores overall) {
    /** @param rows held-out rows; ROC AUC is NaN where they are of one class */
    record Scores(long rows, double accuracy, double rocAuc, double logLoss) {
        static Scores of(EvaluationSums sums) {
            var metrics = Metrics.of(sums);
            return new Scores(
                    sums.count(),
                    metrics.getOrDefault("accuracy", Double.NaN),
                    metrics.getOrDefault("roc_auc", Double.NaN),
                    metrics.getOrDefault("log_loss", Double.NaN));
        }
    }

    static ModelScores of(String trainedOn, Map<String, EvaluationSums> byHospital) {
        var scores = new LinkedHashMap<String, Scores>();
        byHospital.forEach((hospital, sums) -> scores.put(hospital, Scores.of(sums)));
        var overall = byHospital.values().stream().reduce(EvaluationSums::plus).orElseThrow();
        return new ModelScores(trainedOn, scores, Scores.of(overall));
    }
}
