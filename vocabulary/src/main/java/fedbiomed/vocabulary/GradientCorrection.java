package fedbiomed.vocabulary;

/**
 * What an aggregator asks of the nodes' training loops: something is added to every gradient before the optimizer uses
 * it, whichever engine computes it. {@code name} and {@code args} are the aggregator's; a node that does not know the name
 * refuses the request.
 *
 * @param name {@link #NONE}'s, or e.g. {@code scaffold}
 */
public record GradientCorrection(String name, Args args) {
    public static final GradientCorrection NONE = new GradientCorrection("none", Args.NONE);

    public GradientCorrection {
        args = args.asRead();
    }

    public boolean isNone() {
        return equals(NONE);
    }
}
