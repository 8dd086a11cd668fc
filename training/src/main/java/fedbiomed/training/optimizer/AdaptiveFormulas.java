package fedbiomed.training.optimizer;

import java.util.List;

/** Modules that divide a gradient by what its size has been. */
final class AdaptiveFormulas {
    private AdaptiveFormulas() {}

    /** @param biasCorrection whether the moments are divided by 1 - beta^t, since they begin at zero */
    record Moments(double beta1, double beta2, double epsilon, boolean biasCorrection) {
        private double first(long step) {
            return biasCorrection ? 1 - Math.pow(beta1, step) : 1;
        }

        private double second(long step) {
            return biasCorrection ? 1 - Math.pow(beta2, step) : 1;
        }
    }

    static final class Adam implements GradientFormula {
        private final Moments moments;
        private final boolean amsgrad;
        private double first;
        private double second;

        Adam(Moments moments, boolean amsgrad) {
            this.moments = moments;
            this.amsgrad = amsgrad;
        }

        @Override
        public List<String> vectors() {
            return amsgrad
                    ? List.of("first_moment", "second_moment", "largest_second_moment")
                    : List.of("first_moment", "second_moment");
        }

        @Override
        public boolean counted() {
            return true;
        }

        @Override
        public void begin(long step, List<Gradient> gradients, Elementwise elementwise) {
            first = moments.first(step);
            second = moments.second(step);
        }

        @Override
        public void on(double[][] x, int n) {
            for (int i = 0; i < n; i++) {
                double g = x[0][i];
                double m = moments.beta1 * x[1][i] + (1 - moments.beta1) * g;
                double v = moments.beta2 * x[2][i] + (1 - moments.beta2) * g * g;
                x[1][i] = m;
                x[2][i] = v;
                if (amsgrad) {
                    v = Math.max(x[3][i], v);
                    x[3][i] = v;
                }
                x[0][i] = m / first / (Math.sqrt(v / second) + moments.epsilon);
            }
        }
    }

    static final class Yogi implements GradientFormula {
        private final Moments moments;
        private double first;
        private double second;

        Yogi(Moments moments) {
            this.moments = moments;
        }

        @Override
        public List<String> vectors() {
            return List.of("first_moment", "second_moment");
        }

        @Override
        public boolean counted() {
            return true;
        }

        @Override
        public void begin(long step, List<Gradient> gradients, Elementwise elementwise) {
            first = moments.first(step);
            second = moments.second(step);
        }

        @Override
        public void on(double[][] x, int n) {
            for (int i = 0; i < n; i++) {
                double g = x[0][i];
                double m = moments.beta1 * x[1][i] + (1 - moments.beta1) * g;
                double square = g * g;
                double v = x[2][i] - (1 - moments.beta2) * Math.signum(x[2][i] - square) * square;
                x[1][i] = m;
                x[2][i] = v;
                x[0][i] = m / first / (Math.sqrt(v / second) + moments.epsilon);
            }
        }
    }

    record Adagrad(double epsilon) implements GradientFormula {
        @Override
        public List<String> vectors() {
            return List.of("sum_of_squares");
        }

        @Override
        public void on(double[][] x, int n) {
            for (int i = 0; i < n; i++) {
                x[1][i] += x[0][i] * x[0][i];
                x[0][i] /= Math.sqrt(x[1][i]) + epsilon;
            }
        }
    }

    record RmsProp(double beta, double epsilon) implements GradientFormula {
        @Override
        public List<String> vectors() {
            return List.of("mean_square");
        }

        @Override
        public void on(double[][] x, int n) {
            for (int i = 0; i < n; i++) {
                x[1][i] = beta * x[1][i] + (1 - beta) * x[0][i] * x[0][i];
                x[0][i] /= Math.sqrt(x[1][i]) + epsilon;
            }
        }
    }
}
