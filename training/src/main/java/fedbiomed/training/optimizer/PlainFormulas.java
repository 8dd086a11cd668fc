package fedbiomed.training.optimizer;

import java.util.List;

/** Momentum, clipping, and penalties. */
final class PlainFormulas {
    private PlainFormulas() {}

    record Momentum(double beta, boolean nesterov) implements GradientFormula {
        @Override
        public List<String> vectors() {
            return List.of("velocity");
        }

        @Override
        public void on(double[][] x, int n) {
            for (int i = 0; i < n; i++) {
                x[1][i] = beta * x[1][i] + x[0][i];
                x[0][i] = nesterov ? x[0][i] + beta * x[1][i] : x[1][i];
            }
        }
    }

    /** Over all tensors of a step together. */
    static final class ClipNorm implements GradientFormula {
        private final double maxNorm;
        private double factor;

        ClipNorm(double maxNorm) {
            this.maxNorm = maxNorm;
        }

        @Override
        public void begin(long step, List<Gradient> gradients, Elementwise elementwise) {
            var squares = new double[1];
            for (var gradient : gradients) {
                elementwise.apply(
                        (x, n) -> {
                            for (int i = 0; i < n; i++) {
                                squares[0] += x[0][i] * x[0][i];
                            }
                        },
                        gradient.read());
            }
            begin(Math.sqrt(squares[0]));
        }

        /** Where the norm is known. */
        void begin(double norm) {
            factor = norm > maxNorm ? maxNorm / norm : 1;
        }

        @Override
        public void on(double[][] x, int n) {
            for (int i = 0; i < n; i++) {
                x[0][i] *= factor;
            }
        }
    }

    record ClipValue(double max) implements GradientFormula {
        @Override
        public void on(double[][] x, int n) {
            for (int i = 0; i < n; i++) {
                x[0][i] = Math.clamp(x[0][i], -max, max);
            }
        }
    }

    record Ridge(double alpha) implements GradientFormula {
        @Override
        public boolean usesWeights() {
            return true;
        }

        @Override
        public void on(double[][] x, int n) {
            for (int i = 0; i < n; i++) {
                x[0][i] += 2 * alpha * x[1][i];
            }
        }
    }

    record Lasso(double alpha) implements GradientFormula {
        @Override
        public boolean usesWeights() {
            return true;
        }

        @Override
        public void on(double[][] x, int n) {
            for (int i = 0; i < n; i++) {
                x[0][i] += alpha * Math.signum(x[1][i]);
            }
        }
    }
}
