package fedbiomed.researcher.aggregator;

import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** Aggregators by name, for {@code experiment.yaml} and for resuming. */
public final class Aggregators {
    private record Entry(Set<String> arguments, Function<Args, Aggregator> maker) {}

    private static final Map<String, Entry> BY_NAME =
            new TreeMap<>(Map.of(FedAvg.NAME, new Entry(Set.of(), _ -> new FedAvg())));

    private Aggregators() {}

    /**
     * @throws FedbiomedException {@code UNSUPPORTED} naming the aggregator or argument that there is none of
     * @throws IllegalArgumentException naming the argument whose value does not fit
     */
    public static Aggregator named(String name, Args arguments) {
        var entry = BY_NAME.get(name);
        if (entry == null) {
            throw new FedbiomedException(
                    ErrorCode.UNSUPPORTED,
                    "there is no aggregator '" + Text.shown(name) + "'; there is: "
                            + String.join(", ", BY_NAME.keySet())
                            + ". One of your own is given in Java, to the experiment's builder or resumption");
        }
        for (var argument : arguments.values().keySet()) {
            if (!entry.arguments.contains(argument)) {
                throw new FedbiomedException(
                        ErrorCode.UNSUPPORTED,
                        "the aggregator '" + name + "' has no argument '" + Text.shown(argument) + "'; it has "
                                + (entry.arguments.isEmpty()
                                        ? "none"
                                        : String.join(", ", new TreeSet<>(entry.arguments))));
            }
        }
        return entry.maker.apply(arguments);
    }
}
