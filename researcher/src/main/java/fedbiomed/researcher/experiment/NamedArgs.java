package fedbiomed.researcher.experiment;

import fedbiomed.researcher.aggregator.Aggregator;
import fedbiomed.researcher.strategy.Strategy;
import fedbiomed.vocabulary.Args;

/** An aggregator or strategy as a file names it: {@code {name: fedavg, ...}}. */
public record NamedArgs(String name, Args args) {
    private static final String NAME = "name";

    static NamedArgs of(Aggregator aggregator) {
        return of("aggregator", aggregator.name(), aggregator.arguments());
    }

    static NamedArgs of(Strategy strategy) {
        return of("strategy", strategy.name(), strategy.arguments());
    }

    /** With the arguments as they are read back from the file. */
    private static NamedArgs of(String what, String name, Args args) {
        if (args.has(NAME)) {
            throw new IllegalArgumentException("the " + what + " '" + name
                    + "' has an argument 'name'; call it otherwise: experiment.yaml has its name there");
        }
        return new NamedArgs(name, args.asRead());
    }

    @Override
    public String toString() {
        return "'" + name + "'" + (args.values().isEmpty() ? "" : " " + args.values());
    }
}
