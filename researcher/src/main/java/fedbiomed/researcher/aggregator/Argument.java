package fedbiomed.researcher.aggregator;

import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.GradientCorrection;
import fedbiomed.vocabulary.TrainingArgs;
import java.util.Map;

/** What an aggregator's arguments have to be. */
final class Argument {
    static final String SERVER_LEARNING_RATE = "server_learning_rate";

    private Argument() {}

    static void require(boolean fits, String name, String what, Object value) {
        if (!fits) {
            throw new IllegalArgumentException("aggregator." + name + " must be " + what + ", not " + value);
        }
    }

    static void requirePositive(String name, double value) {
        require(value > 0 && Double.isFinite(value), name, "a finite number over 0", value);
    }

    /** Of an average that forgets. */
    static void requireDecay(String name, double value) {
        require(value >= 0 && value < 1, name, "at least 0 and below 1", value);
    }

    /** The nodes' gradients are corrected; FedProx's pull would be a second algorithm at the same time. */
    static TrainingArgs corrected(TrainingArgs asked, String name, Map<String, Object> arguments) {
        return asked.toBuilder()
                .correction(new GradientCorrection(name, new Args(arguments)))
                .build();
    }
}
