package fedbiomed.researcher.aggregator;

import fedbiomed.researcher.aggregator.AdaptiveFedOpt.Second;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** Aggregators by name, for {@code experiment.yaml} and for resuming. */
public final class Aggregators {
    private record Entry(Set<String> arguments, Function<Args, Aggregator> maker) {}

    private static final SortedMap<String, Entry> BY_NAME = new TreeMap<>();

    static {
        put(FedAvg.NAME, FedAvg::of, Weighting.ARGUMENT);
        put(FedProx.NAME, FedProx::of, FedProx.MU, Weighting.ARGUMENT);
        put(Scaffold.NAME, Scaffold::of, Scaffold.OPTION, Argument.SERVER_LEARNING_RATE, Weighting.ARGUMENT);
        put(
                FedNova.NAME,
                FedNova::of,
                FedNova.MOMENTUM,
                FedNova.PROXIMAL,
                Argument.SERVER_LEARNING_RATE,
                Weighting.ARGUMENT);
        put(FedOpt.NAME, FedOpt::of, FedOpt.MODULES, Argument.SERVER_LEARNING_RATE, Weighting.ARGUMENT);
        put(FedDyn.NAME, FedDyn::of, FedDyn.ALPHA);
        put(FedAvgM.NAME, FedAvgM::of, FedAvgM.MOMENTUM, Argument.SERVER_LEARNING_RATE, Weighting.ARGUMENT);
        put(CoordinateMedian.NAME, _ -> new CoordinateMedian());
        put(TrimmedMean.NAME, TrimmedMean::of, TrimmedMean.TRIM);
        put(
                GeometricMedian.NAME,
                GeometricMedian::of,
                GeometricMedian.ITERATIONS,
                GeometricMedian.SMOOTHING,
                Weighting.ARGUMENT);
        put(Krum.NAME, Krum::of, Krum.HOSTILE);
        put(Krum.MULTI_NAME, Krum::multiOf, Krum.HOSTILE, Krum.KEEP);
        put(NormClipping.NAME, NormClipping::of, NormClipping.MAX_NORM, Weighting.ARGUMENT);
        put(
                Second.FEDADAGRAD.text(),
                args -> AdaptiveFedOpt.of(Second.FEDADAGRAD, args),
                AdaptiveFedOpt.BETA_1,
                AdaptiveFedOpt.TAU,
                Argument.SERVER_LEARNING_RATE,
                Weighting.ARGUMENT);
        put(
                Second.FEDADAM.text(),
                args -> AdaptiveFedOpt.of(Second.FEDADAM, args),
                AdaptiveFedOpt.BETA_1,
                AdaptiveFedOpt.BETA_2,
                AdaptiveFedOpt.TAU,
                Argument.SERVER_LEARNING_RATE,
                Weighting.ARGUMENT);
        put(
                Second.FEDYOGI.text(),
                args -> AdaptiveFedOpt.of(Second.FEDYOGI, args),
                AdaptiveFedOpt.BETA_1,
                AdaptiveFedOpt.BETA_2,
                AdaptiveFedOpt.TAU,
                Argument.SERVER_LEARNING_RATE,
                Weighting.ARGUMENT);
    }

    private static void put(String name, Function<Args, Aggregator> maker, String... arguments) {
        BY_NAME.put(name, new Entry(Set.of(arguments), maker));
    }

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
