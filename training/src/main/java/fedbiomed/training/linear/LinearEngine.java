package fedbiomed.training.linear;

import fedbiomed.parameters.Parameters;
import fedbiomed.parameters.Tensor;
import fedbiomed.training.Engine;
import fedbiomed.training.Samples;

/** One or more linear models over the same inputs, side by side, in binary64. */
final class LinearEngine implements Engine {
    private static final String COEF = "coef";
    private static final String INTERCEPT = "intercept";

    private final LinearLoss loss;
    private final int width;
    private final int outputs;
    private final SgdSettings settings;
    /** {@code [outputs, width]}, row-major. */
    private double[] coef;
    /** {@code [outputs]}. */
    private double[] intercept;

    private long steps;

    LinearEngine(LinearLoss loss, int width, int outputs, SgdSettings settings) {
        this.loss = loss;
        this.width = width;
        this.outputs = outputs;
        this.settings = settings;
        this.coef = new double[outputs * width];
        this.intercept = new double[outputs];
    }

    @Override
    public Parameters parameters() {
        return Parameters.builder()
                .put(COEF, Tensor.ofDoubles(coef, outputs, width))
                .put(INTERCEPT, Tensor.ofDoubles(intercept, outputs))
                .build();
    }

    @Override
    public void load(Parameters parameters) {
        parameters().requireSameStructure(parameters);
        coef = parameters.get(COEF).toDoubles();
        intercept = parameters.get(INTERCEPT).toDoubles();
    }

    /** For several models the loss is their sum, averaged over the rows. The penalty is not counted in it. */
    @Override
    public double train(Samples batch) {
        var coefGradient = new double[coef.length];
        var interceptGradient = new double[outputs];
        double total = 0;
        for (int row = 0; row < batch.rows(); row++) {
            for (int o = 0; o < outputs; o++) {
                double z = output(batch, row, o);
                double y = target(batch.targets()[row], o);
                double slope = loss.slope(z, y);
                total += loss.value(z, y);
                interceptGradient[o] += slope;
                for (int f = 0; f < width; f++) {
                    coefGradient[o * width + f] += slope * batch.inputs()[row * width + f];
                }
            }
        }
        step(coefGradient, interceptGradient, batch.rows());
        return total / batch.rows();
    }

    private void step(double[] coefGradient, double[] interceptGradient, int rows) {
        double rate = settings.rate(++steps);
        double kept = Math.max(0, 1 - rate * settings.alpha());
        for (int i = 0; i < coef.length; i++) {
            coef[i] = coef[i] * kept - rate * coefGradient[i] / rows;
        }
        if (settings.fitIntercept()) {
            for (int o = 0; o < outputs; o++) {
                intercept[o] -= rate * interceptGradient[o] / rows;
            }
        }
    }

    private double target(double target, int output) {
        return outputs == 1 ? target : target == output ? 1 : 0;
    }

    private double output(Samples batch, int row, int output) {
        double z = intercept[output];
        for (int f = 0; f < width; f++) {
            z += coef[output * width + f] * batch.inputs()[row * width + f];
        }
        return z;
    }

    @Override
    public double[] scores(Samples batch) {
        int rows = batch.rows();
        int k = loss == LinearLoss.SQUARED_ERROR ? 1 : Math.max(2, outputs);
        var scores = new double[rows * k];
        for (int row = 0; row < rows; row++) {
            switch (loss) {
                case SQUARED_ERROR -> scores[row] = output(batch, row, 0);
                case LOG -> probabilities(batch, row, scores, row * k);
            }
        }
        return scores;
    }

    private void probabilities(Samples batch, int row, double[] scores, int at) {
        if (outputs == 1) {
            double p = LinearLoss.sigmoid(output(batch, row, 0));
            scores[at] = 1 - p;
            scores[at + 1] = p;
            return;
        }
        double sum = 0;
        for (int o = 0; o < outputs; o++) {
            scores[at + o] = LinearLoss.sigmoid(output(batch, row, o));
            sum += scores[at + o];
        }
        for (int o = 0; o < outputs; o++) {
            // every model sure that it is none of theirs: all classes alike, as scikit-learn
            scores[at + o] = sum == 0 ? 1.0 / outputs : scores[at + o] / sum;
        }
    }

    @Override
    public void close() {
        // holds nothing outside the heap
    }
}
