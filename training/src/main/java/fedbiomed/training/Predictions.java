package fedbiomed.training;

import fedbiomed.training.metrics.ClassificationSums;
import java.util.List;

/**
 * A model's answers, row by row of a table.
 *
 * @param classes the plan's, in the model's order; empty for regression
 * @param scores row-major {@code [rows, classes]} probabilities, or {@code [rows]} values for regression
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record Predictions(List<String> classes, double[] scores) {
    public int rows() {
        return classes.isEmpty() ? scores.length : scores.length / classes.size();
    }

    /** The most probable class (the first of equals). @throws IllegalStateException for regression */
    public String predictedClass(int row) {
        if (classes.isEmpty()) {
            throw new IllegalStateException("a regression predicts values, not classes");
        }
        return classes.get(ClassificationSums.mostProbable(scores, row * classes.size(), classes.size()));
    }

    /** Between 0 and 1, of class number {@code index}. */
    public double probability(int row, int index) {
        return scores[row * classes.size() + index];
    }

    /** The predicted value, in the target's unit. @throws IllegalStateException for classification */
    public double value(int row) {
        if (!classes.isEmpty()) {
            throw new IllegalStateException("a classification predicts classes, not values");
        }
        return scores[row];
    }
}
