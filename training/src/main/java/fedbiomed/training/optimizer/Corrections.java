package fedbiomed.training.optimizer;

import fedbiomed.vocabulary.GradientCorrection;
import fedbiomed.vocabulary.Text;
import java.util.List;

/** The corrections that an aggregator may ask for, by name, with what they carry. */
public final class Corrections {
    static final String SCAFFOLD = "scaffold";
    static final String FEDDYN = "feddyn";
    /** A usual value in Acar et al.'s experiments. */
    private static final double DEFAULT_ALPHA = 0.01;

    private Corrections() {}

    /** What is asked for, with its arguments read. */
    sealed interface Asked {
        record None() implements Asked {}

        record ControlVariates(int option) implements Asked {}

        record DynamicRegularizer(double alpha) implements Asked {}
    }

    static Asked read(GradientCorrection correction) {
        var arguments = new NamedArguments("the correction '" + Text.shown(correction.name()) + "'", correction.args());
        var asked = switch (correction.name()) {
            case SCAFFOLD -> new Asked.ControlVariates(arguments.oneOrTwo("option", 2));
            case FEDDYN -> new Asked.DynamicRegularizer(arguments.positive("alpha", DEFAULT_ALPHA));
            default -> {
                if (!correction.name().equals(GradientCorrection.NONE.name())) {
                    throw NamedArguments.refused("this node knows no correction '" + Text.shown(correction.name())
                            + "'; it knows " + SCAFFOLD + " and " + FEDDYN
                            + ". Use another aggregator, or ask for an upgrade of the node");
                }
                yield new Asked.None();
            }
        };
        arguments.requireNoOther();
        return asked;
    }

    /** @throws fedbiomed.vocabulary.FedbiomedException {@code UNSUPPORTED} naming what is unknown or out of its range */
    public static void check(GradientCorrection correction) {
        read(correction);
    }

    /** The vectors that leave a node with a model that was trained so. */
    public static List<String> leaving(GradientCorrection correction) {
        return read(correction) instanceof Asked.ControlVariates ? List.of(Scaffold.CONTROL_CHANGE) : List.of();
    }

    /** How many vectors of the model's size stay at a node. */
    static int kept(GradientCorrection correction) {
        return read(correction) instanceof Asked.None ? 0 : 1;
    }
}
