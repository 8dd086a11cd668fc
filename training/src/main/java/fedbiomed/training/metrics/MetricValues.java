package fedbiomed.training.metrics;

import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** Metrics by name, in order; what is not defined (not finite) is left out. */
final class MetricValues {
    private final SequencedMap<String, Double> values = new LinkedHashMap<>();

    void put(String name, double value) {
        if (Double.isFinite(value)) {
            values.put(name, value);
        }
    }

    SequencedMap<String, Double> values() {
        return values;
    }
}
