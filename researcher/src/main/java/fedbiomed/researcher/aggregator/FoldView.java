package fedbiomed.researcher.aggregator;

import fedbiomed.parameters.FoldPart;
import java.util.Arrays;

/**
 * A stretch of one tensor, of all that a round has. Of each array the first {@link #size} elements count; those that are
 * read must not be changed.
 */
public final class FoldView {
    private final FoldPart part;
    private final FoldInputs inputs;

    FoldView(FoldPart part, FoldInputs inputs) {
        this.part = part;
        this.inputs = inputs;
    }

    /** The tensor's name. */
    public String tensor() {
        return part.tensor();
    }

    public int size() {
        return part.size();
    }

    /** How many updates there are. */
    public int updates() {
        return inputs.updates();
    }

    /** What the round started from. */
    public double[] global() {
        return part.in(inputs.global());
    }

    /** A participant's trained parameters. */
    public double[] update(int index) {
        return part.in(index);
    }

    /** {@code sum(weight * update) / sum(weight)}, into {@code mean}. */
    public void mean(double[] weights, double[] mean) {
        part.weightedSum(0, weights, mean);
        divide(mean, Arrays.stream(weights).sum());
    }

    /** The same of a vector that came with the updates. */
    public void meanReceived(String vector, double[] weights, double[] mean) {
        part.weightedSum(inputs.received(0, vector), weights, mean);
        divide(mean, Arrays.stream(weights).sum());
    }

    /** The mean of the updates without the {@code each} smallest and largest, element by element, into {@code mean}. */
    public void trimmedMean(int each, double[] mean) {
        part.trimmedMean(inputs.updates(), each, mean);
    }

    /** {@code global + sum(factor * (update - global))}, into {@code moved}, which is zeros. */
    public void move(double[] factors, double[] moved) {
        var global = global();
        for (int u = 0; u < factors.length; u++) {
            var update = update(u);
            for (int i = 0; i < part.size(); i++) {
                moved[i] += factors[u] * (update[i] - global[i]);
            }
        }
        for (int i = 0; i < part.size(); i++) {
            moved[i] += global[i];
        }
    }

    private void divide(double[] sums, double by) {
        for (int i = 0; i < part.size(); i++) {
            sums[i] /= by;
        }
    }

    /** What was remembered of a vector; zeros before the first round. */
    public double[] state(String vector) {
        return part.in(inputs.state(vector));
    }

    /** A vector that came with an update. */
    public double[] received(int update, String vector) {
        return part.in(inputs.received(update, vector));
    }

    /** To be filled: the next global parameters. */
    public double[] next() {
        return part.out(0);
    }

    /** To be filled: what is remembered of a vector. */
    public double[] nextState(String vector) {
        return part.out(inputs.nextState(vector));
    }
}
