package fedbiomed.training.linear;

import fedbiomed.parameters.DType;
import fedbiomed.parameters.Parameters;
import fedbiomed.parameters.Tensor;
import fedbiomed.training.Engine;
import fedbiomed.training.Samples;
import fedbiomed.training.optimizer.Gradient;
import fedbiomed.training.optimizer.GradientHook;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * One or more linear models over the same inputs, side by side. Parameters, F64, zero at first: {@code coef} {@code
 * [outputs, inputs]}, {@code intercept} {@code [outputs]}.
 */
final class LinearEngine implements Engine {
    private static final String COEF = "coef";
    private static final String INTERCEPT = "intercept";

    private final LinearObjective objective;
    private final int width;
    /** 0: regression. */
    private final int classes;

    private final boolean fitIntercept;
    private final List<LinearUnit> units = new ArrayList<>();
    private GradientHook hook = GradientHook.NONE;

    /**
     * @param classes 0 for regression, else at least 2: one model for two, one a class for more
     */
    LinearEngine(LinearObjective objective, SgdSettings settings, int width, int classes) {
        this.objective = objective;
        this.width = width;
        this.classes = classes;
        this.fitIntercept = settings.fitIntercept();
        int outputs = classes > 2 ? classes : 1;
        for (int o = 0; o < outputs; o++) {
            units.add(new LinearUnit(width, settings));
        }
    }

    @Override
    public Parameters parameters() {
        var coef = new double[units.size() * width];
        var intercept = new double[units.size()];
        for (int o = 0; o < units.size(); o++) {
            units.get(o).store(coef, o * width);
            intercept[o] = units.get(o).intercept();
        }
        return Parameters.builder()
                .put(COEF, Tensor.ofDoubles(coef, units.size(), width))
                .put(INTERCEPT, Tensor.ofDoubles(intercept, units.size()))
                .build();
    }

    @Override
    public void load(Parameters parameters) {
        parameters().requireSameStructure(parameters);
        var coef = parameters.get(COEF).toDoubles();
        var intercept = parameters.get(INTERCEPT).toDoubles();
        for (int o = 0; o < units.size(); o++) {
            units.get(o).load(coef, o * width, intercept[o]);
        }
    }

    @Override
    public void gradientHook(GradientHook gradientHook) {
        hook = gradientHook;
    }

    @Override
    public Set<String> trained() {
        return fitIntercept ? Set.of(COEF, INTERCEPT) : Set.of(COEF);
    }

    /** Of all models beside each other: {@code coef} {@code [outputs, inputs]}, and a loss each. */
    private record BatchGradient(double[] coef, double[] intercept, double[] losses) {}

    private double loss(BatchGradient gradient) {
        if (isMultinomial()) {
            return gradient.losses[0];
        }
        double sum = 0;
        for (double loss : gradient.losses) {
            sum += loss;
        }
        return sum;
    }

    /** For several models the loss is their sum, or the one that they share. The penalty is not counted in it, nor in the gradient. */
    @Override
    public double train(Samples batch) {
        var gradient = computed(batch);
        for (int o = 0; o < units.size(); o++) {
            units.get(o).step(gradient.coef, o * width, gradient.intercept[o], gradient.losses[o]);
        }
        return loss(gradient);
    }

    @Override
    public double gradient(Samples batch) {
        return loss(computed(batch));
    }

    private BatchGradient computed(Samples batch) {
        int outputs = units.size();
        var gradient = new BatchGradient(new double[outputs * width], new double[outputs], new double[outputs]);
        if (isMultinomial()) {
            computeAll(batch, gradient);
        } else {
            for (int o = 0; o < outputs; o++) {
                compute(o, batch, gradient);
            }
        }
        if (hook != GradientHook.NONE) {
            show(gradient);
        }
        return gradient;
    }

    private void show(BatchGradient gradient) {
        var coef = new double[gradient.coef.length];
        var intercept = new double[gradient.intercept.length];
        for (int o = 0; o < units.size(); o++) {
            units.get(o).storeCurrent(coef, o * width);
            intercept[o] = units.get(o).currentIntercept();
        }
        var shown = new ArrayList<Gradient>();
        shown.add(new Gradient(COEF, DType.F64, MemorySegment.ofArray(coef), MemorySegment.ofArray(gradient.coef)));
        if (fitIntercept) {
            shown.add(new Gradient(
                    INTERCEPT, DType.F64, MemorySegment.ofArray(intercept), MemorySegment.ofArray(gradient.intercept)));
        }
        hook.on(shown);
    }

    private void compute(int o, Samples batch, BatchGradient into) {
        int rows = batch.rows();
        var inputs = batch.inputs();
        var targets = batch.targets();
        var unit = units.get(o);
        double total = 0;
        for (int row = 0; row < rows; row++) {
            double target = targets[row];
            double y = y(target, o);
            double p = unit.fastOutput(inputs, row * width);
            double slope = objective.slope(p, y) * weight(target, o) / rows;
            total += objective.value(p, y);
            into.intercept[o] += slope;
            add(slope, inputs, row * width, into.coef, o * width);
        }
        into.losses[o] = total / rows;
    }

    /** With two classes it is the logistic loss, of one model. */
    private boolean isMultinomial() {
        return objective.multinomial() && classes > 2;
    }

    /** The cross-entropy of the outputs' softmax: one loss, which is each model's. */
    private void computeAll(Samples batch, BatchGradient into) {
        int rows = batch.rows();
        var inputs = batch.inputs();
        var p = new double[classes];
        double total = 0;
        for (int row = 0; row < rows; row++) {
            int target = (int) batch.targets()[row];
            for (int o = 0; o < classes; o++) {
                p[o] = units.get(o).fastOutput(inputs, row * width);
            }
            double own = p[target];
            total += softmax(p) - own;
            double weight = objective.weight(target) / rows;
            for (int o = 0; o < classes; o++) {
                double slope = (p[o] - (o == target ? 1 : 0)) * weight;
                into.intercept[o] += slope;
                add(slope, inputs, row * width, into.coef, o * width);
            }
        }
        Arrays.fill(into.losses, total / rows);
    }

    /** In a method of its own, which the JVM makes vector instructions of. */
    private void add(double factor, double[] inputs, int from, double[] sums, int to) {
        for (int f = 0; f < width; f++) {
            sums[to + f] += factor * inputs[from + f];
        }
    }

    /** In place of the outputs their softmax. @return the logarithm of the sum of their exponentials */
    private static double softmax(double[] outputs) {
        double highest = Double.NEGATIVE_INFINITY;
        for (double output : outputs) {
            highest = Math.max(highest, output);
        }
        double sum = 0;
        for (int o = 0; o < outputs.length; o++) {
            outputs[o] = Math.exp(outputs[o] - highest);
            sum += outputs[o];
        }
        for (int o = 0; o < outputs.length; o++) {
            outputs[o] /= sum;
        }
        return highest + Math.log(sum);
    }

    /** What a target is to model number {@code o}. */
    private double y(double target, int o) {
        if (classes == 0) {
            return target;
        }
        return target == (classes == 2 ? 1 : o) ? 1 : -1;
    }

    /** Of a row of that target; with more than two classes the rest weighs 1, as in scikit-learn. */
    private double weight(double target, int o) {
        var weights = objective.classWeights();
        return weights.isEmpty() || (classes > 2 && target != o) ? 1 : weights.get((int) target);
    }

    @Override
    public OptionalDouble learningRate() {
        return OptionalDouble.of(units.getFirst().learningRate());
    }

    @Override
    public void epochEnded() {
        units.forEach(LinearUnit::epochEnded);
    }

    @Override
    public boolean isProbabilistic() {
        return classes == 0 || objective.loss().isProbabilistic();
    }

    @Override
    public double[] scores(Samples batch) {
        int rows = batch.rows();
        var scores = new double[rows * Math.max(1, classes)];
        double scale = marginScale();
        for (int row = 0; row < rows; row++) {
            if (classes == 0) {
                scores[row] = units.getFirst().score(batch, row);
            } else if (classes == 2) {
                double second = score(units.getFirst().score(batch, row), scale);
                scores[2 * row] = 1 - second;
                scores[2 * row + 1] = second;
            } else {
                scoresOfSeveral(batch, row, scale, scores);
            }
        }
        return scores;
    }

    private void scoresOfSeveral(Samples batch, int row, double scale, double[] scores) {
        int at = row * classes;
        if (isMultinomial()) {
            var p = new double[classes];
            Arrays.setAll(p, o -> units.get(o).score(batch, row));
            softmax(p);
            System.arraycopy(p, 0, scores, at, classes);
            return;
        }
        double sum = 0;
        for (int o = 0; o < classes; o++) {
            scores[at + o] = score(units.get(o).score(batch, row), scale);
            sum += scores[at + o];
        }
        if (isProbabilistic()) {
            for (int o = 0; o < classes; o++) {
                // every model sure that it is none of theirs: all classes alike, as scikit-learn
                scores[at + o] = sum == 0 ? 1.0 / classes : scores[at + o] / sum;
            }
        }
    }

    /**
     * A probability where the loss knows one. Else a margin put between 0 and 1 by m -> (1 + m / (1 + |m|)) / 2, which
     * unlike the logistic function keeps far margins apart in a histogram and in binary64.
     */
    private double score(double output, double scale) {
        return switch (objective.loss()) {
            case LOG_LOSS -> LinearLoss.sigmoid(output);
            case MODIFIED_HUBER -> (Math.clamp(output, -1, 1) + 1) / 2;
            default -> {
                double margin = output / scale;
                yield (1 + margin / (1 + Math.abs(margin))) / 2;
            }
        };
    }

    /** Largest norm of a model's weights: margins become distances, and the models' stay comparable with each other. */
    private double marginScale() {
        double norm = units.stream().mapToDouble(LinearUnit::norm).max().orElse(0);
        return norm > 0 ? norm : 1;
    }

    @Override
    public void close() {
        // holds nothing outside the heap
    }
}
