package fedbiomed.training.optimizer;

import java.util.List;

/** What a module of a chain does to gradients, element by element, and which vectors it keeps for that. */
interface GradientFormula {
    /** Names of what is kept from step to step: vectors like the gradient, zero at first. */
    default List<String> vectors() {
        return List.of();
    }

    /** Whether the number of steps so far counts, and is kept. */
    default boolean counted() {
        return false;
    }

    default boolean usesWeights() {
        return false;
    }

    /** Before the elements of a step. @param step from 1, where it is counted */
    default void begin(long step, List<Gradient> gradients, Elementwise elementwise) {}

    /** @param x the gradient, the weights where they are used, then the {@link #vectors} in their order */
    void on(double[][] x, int n);
}
