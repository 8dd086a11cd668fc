package fedbiomed.cli.demo;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * The demo's last line with {@code --json}.
 *
 * @param logLossAlone by hospital, of a model trained there alone, on everybody's held-out rows
 * @param secondsByPhase wall time
 * @param largestProcessMib peak resident memory of the largest process of the demo, the demo itself included
 */
record DemoResult(
        String plan,
        int rounds,
        double logLossGlobal,
        double logLossPooled,
        double aucGlobal,
        double aucPooled,
        double accuracyGlobal,
        double accuracyPooled,
        Map<String, Double> logLossAlone,
        Map<String, Double> accuracyAlone,
        String modelSha256,
        String model,
        String report,
        SequencedMap<String, Double> secondsByPhase,
        double seconds,
        long largestProcessMib) {
    static Map<String, Double> byHospital(
            Map<String, ModelScores> models, java.util.function.ToDoubleFunction<ModelScores> figure) {
        var result = new LinkedHashMap<String, Double>();
        models.forEach((hospital, model) -> result.put(hospital, figure.applyAsDouble(model)));
        return result;
    }
}
