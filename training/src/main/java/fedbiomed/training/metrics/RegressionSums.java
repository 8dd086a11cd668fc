package fedbiomed.training.metrics;

import fedbiomed.vocabulary.EvaluationSums;
import java.util.List;
import java.util.TreeMap;

/** Adds up test rows of a regression. */
public final class RegressionSums {
    private double squaredError;
    private double errors;
    private double absoluteError;
    private double target;
    private double targetSquared;
    private long count;

    /** One row: what was to be predicted, and what was, in the target's unit. */
    public void add(double truth, double prediction) {
        double error = prediction - truth;
        count++;
        squaredError += error * error;
        errors += error;
        absoluteError += Math.abs(error);
        target += truth;
        targetSquared += truth * truth;
    }

    public EvaluationSums sums() {
        var sums = new TreeMap<String, double[]>();
        sums.put(SumNames.SQUARED_ERROR, new double[] {squaredError});
        sums.put(SumNames.ERROR, new double[] {errors});
        sums.put(SumNames.ABSOLUTE_ERROR, new double[] {absoluteError});
        sums.put(SumNames.TARGET, new double[] {target});
        sums.put(SumNames.TARGET_SQUARED, new double[] {targetSquared});
        return new EvaluationSums(SumNames.REGRESSION, List.of(), count, sums);
    }
}
