package fedbiomed.training.linear;

import fedbiomed.parameters.DType;
import fedbiomed.parameters.Parameters;
import fedbiomed.parameters.Tensor;
import fedbiomed.training.Engine;
import fedbiomed.training.Samples;
import fedbiomed.training.metrics.SurvivalTime;
import fedbiomed.training.optimizer.Gradient;
import fedbiomed.training.optimizer.GradientHook;
import java.lang.foreign.MemorySegment;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.IntStream;

/** Proportional hazards, one step a batch. */
final class CoxEngine implements Engine {
    private static final String COEF = "coef";

    private final int width;
    private final LinearUnit unit;
    private GradientHook hook = GradientHook.NONE;

    CoxEngine(SgdSettings settings, int width) {
        this.width = width;
        this.unit = new LinearUnit(width, settings);
    }

    @Override
    public Parameters parameters() {
        var coef = new double[width];
        unit.store(coef, 0);
        return Parameters.builder().put(COEF, Tensor.ofDoubles(coef, 1, width)).build();
    }

    @Override
    public void load(Parameters parameters) {
        parameters().requireSameStructure(parameters);
        unit.load(parameters.get(COEF).toDoubles(), 0, 0);
    }

    @Override
    public void gradientHook(GradientHook gradientHook) {
        hook = gradientHook;
    }

    @Override
    public Set<String> trained() {
        return Set.of(COEF);
    }

    @Override
    public double train(Samples batch) {
        var gradient = new double[width];
        double loss = compute(batch, gradient);
        unit.step(gradient, 0, 0, loss);
        return loss;
    }

    @Override
    public double gradient(Samples batch) {
        return compute(batch, new double[width]);
    }

    /** Walks back in time, so that the sums over those at risk only grow. @return the mean loss */
    private double compute(Samples batch, double[] gradient) {
        int rows = batch.rows();
        var order = IntStream.range(0, rows)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer row) -> -SurvivalTime.time(batch.targets()[row])))
                .mapToInt(Integer::intValue)
                .toArray();
        var risk = new RiskSet(batch, width);
        double loss = 0;
        for (int from = 0; from < rows; ) {
            double time = SurvivalTime.time(batch.targets()[order[from]]);
            int to = from;
            while (to < rows && SurvivalTime.time(batch.targets()[order[to]]) == time) {
                risk.add(order[to], unit.output(batch, order[to]));
                to++;
            }
            for (int i = from; i < to; i++) {
                if (SurvivalTime.isEvent(batch.targets()[order[i]])) {
                    loss += risk.logSum() - unit.output(batch, order[i]);
                    risk.addGradient(gradient, order[i], rows);
                }
            }
            from = to;
        }
        if (hook != GradientHook.NONE) {
            var coef = new double[width];
            unit.storeCurrent(coef, 0);
            hook.on(List.of(
                    new Gradient(COEF, DType.F64, MemorySegment.ofArray(coef), MemorySegment.ofArray(gradient))));
        }
        return loss / rows;
    }

    /** Those at risk: sums of e^output and of e^output x, kept relative to the largest output so far. */
    private static final class RiskSet {
        private final double[] inputs;
        private final int width;
        private final double[] weighted;
        private double sum;
        private double largest = Double.NEGATIVE_INFINITY;

        RiskSet(Samples batch, int width) {
            this.inputs = batch.inputs();
            this.width = width;
            this.weighted = new double[width];
        }

        void add(int row, double output) {
            if (output > largest) {
                double shrink = Math.exp(largest - output);
                sum *= shrink;
                for (int f = 0; f < width; f++) {
                    weighted[f] *= shrink;
                }
                largest = output;
            }
            double share = Math.exp(output - largest);
            sum += share;
            for (int f = 0; f < width; f++) {
                weighted[f] += share * inputs[row * width + f];
            }
        }

        double logSum() {
            return largest + Math.log(sum);
        }

        /** Of the loss's term of one event: mean inputs of those at risk minus its own. */
        void addGradient(double[] gradient, int row, int rows) {
            for (int f = 0; f < width; f++) {
                gradient[f] += (weighted[f] / sum - inputs[row * width + f]) / rows;
            }
        }
    }

    @Override
    public OptionalDouble learningRate() {
        return OptionalDouble.of(unit.learningRate());
    }

    @Override
    public void epochEnded() {
        unit.epochEnded();
    }

    @Override
    public double[] scores(Samples batch) {
        var scores = new double[batch.rows()];
        for (int row = 0; row < scores.length; row++) {
            scores[row] = unit.output(batch, row);
        }
        return scores;
    }

    @Override
    public void close() {
        // holds nothing outside the heap
    }
}
