package fedbiomed.training.linear;

/** The learning rate of one round, step by step. */
final class StepSize {
    /** By how much {@code adaptive} divides, and below which size it leaves off: scikit-learn's. */
    private static final double DIVISOR = 5;

    private static final double SMALLEST = 1e-6;

    private final SgdSettings settings;
    /** Of {@code optimal}: the step at which its rate would begin. */
    private final double t0;

    private long steps;
    private double adaptive;
    private double best = Double.POSITIVE_INFINITY;
    private int withoutImprovement;

    StepSize(SgdSettings settings) {
        this.settings = settings;
        this.adaptive = settings.eta0();
        double typicalWeight = Math.sqrt(1 / Math.sqrt(settings.alpha()));
        // scikit-learn divides by the loss's slope too where that is above 1, which it never is
        this.t0 = 1 / (typicalWeight * settings.alpha());
    }

    /** Of the next step. */
    double next() {
        steps++;
        return of(steps);
    }

    /** As {@link #next} gave it; before the first step, as it will. */
    double last() {
        return of(Math.max(1, steps));
    }

    private double of(long step) {
        return switch (settings.schedule()) {
            case CONSTANT -> settings.eta0();
            case INVSCALING -> settings.eta0() / Math.pow(step, settings.powerT());
            case OPTIMAL -> 1 / (settings.alpha() * (t0 + step - 1));
            case ADAPTIVE -> adaptive;
        };
    }

    /** @param objective loss and penalty, mean over the epoch's steps, each before its step */
    void epochEnded(double objective) {
        withoutImprovement = objective > best - settings.tol() ? withoutImprovement + 1 : 0;
        best = Math.min(best, objective);
        if (withoutImprovement >= settings.patience() && adaptive > SMALLEST) {
            adaptive /= DIVISOR;
            withoutImprovement = 0;
        }
    }
}
