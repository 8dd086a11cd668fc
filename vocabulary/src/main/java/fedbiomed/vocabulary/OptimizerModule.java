package fedbiomed.vocabulary;

/**
 * One step of a chain that a gradient goes through before the optimizer (at a node) or the server uses it, as a file
 * names it: {@code {name: momentum, beta: 0.9}}.
 */
public record OptimizerModule(String name, Args args) {
    /** Longest chain. */
    public static final int MAX_CHAIN = 16;

    public OptimizerModule {
        args = args.asRead();
    }

    @Override
    public String toString() {
        return "'" + name + "'" + (args.values().isEmpty() ? "" : " " + args.values());
    }
}
