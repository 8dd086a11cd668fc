package fedbiomed.training.metrics;

import java.util.List;

/**
 * Of each class, what it is counted by, and the figures that these counts give.
 *
 * @param hits elements of the class that were predicted as it
 * @param predicted as the class
 * @param support elements of the class
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record ClassCounts(List<String> classes, double[] hits, double[] predicted, double[] support) {
    static ClassCounts ofConfusion(List<String> classes, double[] confusion) {
        int k = classes.size();
        var hits = new double[k];
        var predicted = new double[k];
        var support = new double[k];
        for (int truth = 0; truth < k; truth++) {
            hits[truth] = confusion[truth * k + truth];
            for (int p = 0; p < k; p++) {
                support[truth] += confusion[truth * k + p];
                predicted[p] += confusion[truth * k + p];
            }
        }
        return new ClassCounts(classes, hits, predicted, support);
    }

    /** A class's figure from its counts. */
    private interface Figure {
        double of(double hits, double predicted, double support);
    }

    void put(ChosenMetric chosen, MetricValues values) {
        put(chosen, figure(chosen), values);
    }

    private static Figure figure(ChosenMetric chosen) {
        double zero = chosen.zeroDivision();
        double b2 = chosen.beta() * chosen.beta();
        return switch (chosen.metric()) {
            case PRECISION -> (hits, predicted, support) -> ratio(hits, predicted, zero);
            case RECALL -> (hits, predicted, support) -> ratio(hits, support, zero);
            case F1, DICE -> (hits, predicted, support) -> ratio(2 * hits, predicted + support, zero);
            case FBETA -> (hits, predicted, support) -> ratio((1 + b2) * hits, b2 * support + predicted, zero);
            case IOU -> (hits, predicted, support) -> ratio(hits, predicted + support - hits, zero);
            default -> throw new IllegalArgumentException(chosen.metric() + " is not one of single classes");
        };
    }

    private void put(ChosenMetric chosen, Figure figure, MetricValues values) {
        var label = chosen.metric().label();
        double total = sum(support);
        if (total == 0) {
            return;
        }
        double value = 0;
        int occurring = 0;
        for (int c = 0; c < classes.size(); c++) {
            double mine = figure.of(hits[c], predicted[c], support[c]);
            boolean occurs = support[c] + predicted[c] > 0;
            switch (chosen.average()) {
                case BINARY -> value += c == chosen.positive() ? mine : 0;
                case MICRO -> {}
                case MACRO -> value += occurs ? mine : 0;
                case WEIGHTED -> value += mine * support[c] / total;
                case NONE -> values.put(label + "[" + classes.get(c) + "]", mine);
            }
            occurring += occurs ? 1 : 0;
        }
        switch (chosen.average()) {
            case BINARY, WEIGHTED -> values.put(label, value);
            case MACRO -> values.put(label, value / occurring);
            case MICRO -> values.put(label, figure.of(sum(hits), sum(predicted), total));
            case NONE -> {}
        }
    }

    double accuracy(boolean share) {
        return share ? sum(hits) / sum(support) : sum(hits);
    }

    /** Mean recall of the classes that occur; adjusted so that guessing is 0. */
    double balancedAccuracy(boolean adjusted) {
        double recalls = 0;
        int occurring = 0;
        for (int c = 0; c < support.length; c++) {
            if (support[c] > 0) {
                recalls += hits[c] / support[c];
                occurring++;
            }
        }
        double mean = recalls / occurring;
        return adjusted ? (mean - 1.0 / occurring) / (1 - 1.0 / occurring) : mean;
    }

    private static double ratio(double part, double whole, double zeroDivision) {
        return whole == 0 ? zeroDivision : part / whole;
    }

    static double sum(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }
}
