package fedbiomed.training.optimizer;

import fedbiomed.parameters.Parameters;
import java.util.Map;

/** What a federated algorithm adds to each gradient in one training, and what comes of it. Used once. */
interface Correction extends GradientHook {
    /** For a look at the local loss at the incoming weights before the first step; {@link GradientHook#NONE}: needs none. */
    default GradientHook beforehand() {
        return NONE;
    }

    /** The next batch that {@link #beforehand} sees has so many rows. */
    default void weigh(int rows) {}

    /** Training is over. @param trained what leaves, without vectors @return vectors that leave, by name */
    default Map<String, Parameters> finish(Parameters trained) {
        return Map.of();
    }

    /** Vectors that stay at the node, by name: now, and under which names they are taken up. */
    default Map<String, Vector> kept() {
        return Map.of();
    }
}
