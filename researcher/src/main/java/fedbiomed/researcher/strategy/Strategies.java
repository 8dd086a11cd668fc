package fedbiomed.researcher.strategy;

import fedbiomed.protocol.home.DurationText;
import fedbiomed.protocol.home.HomeConfig;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.Text;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** Strategies by name, for {@code experiment.yaml} and for resuming. */
public final class Strategies {
    /** Fed-BioMed's name of {@link AllParticipants}. */
    private static final String DEFAULT_STRATEGY = "DefaultStrategy";

    private record Entry(Set<String> arguments, Function<Args, Selection> maker) {}

    private static final Entry ALL = new Entry(
            Set.of(RandomFraction.SAMPLE),
            args -> args.has(RandomFraction.SAMPLE) && args.real(RandomFraction.SAMPLE, 1) != 1
                    ? fraction(args)
                    : new AllParticipants());

    private static final Map<String, Entry> BY_NAME = new TreeMap<>(Map.of(
            AllParticipants.NAME,
            ALL,
            DEFAULT_STRATEGY,
            new Entry(Set.of(), _ -> new AllParticipants()),
            RandomFraction.NAME,
            new Entry(Set.of(RandomFraction.SAMPLE), Strategies::fraction),
            ByWeight.NAME,
            new Entry(Set.of(ByWeight.COUNT, ByWeight.WEIGHTS), Strategies::byWeight),
            Available.NAME,
            new Entry(Set.of(Available.AT_LEAST, Available.WAIT, Available.COUNT), Strategies::available),
            RoundRobin.NAME,
            new Entry(
                    Set.of(RoundRobin.COUNT),
                    args -> new RoundRobin(required(args, RoundRobin.NAME, RoundRobin.COUNT, "2")
                            .integer(RoundRobin.COUNT, 1))),
            FixedList.NAME,
            new Entry(Set.of(FixedList.PARTICIPANTS), Strategies::fixed)));

    private Strategies() {}

    /**
     * @throws FedbiomedException {@code UNSUPPORTED} naming the strategy or argument that there is none of
     * @throws IllegalArgumentException naming the argument whose value does not fit
     */
    public static Strategy named(String name, Args arguments) {
        var entry = BY_NAME.get(name);
        if (entry == null) {
            throw new FedbiomedException(
                    ErrorCode.UNSUPPORTED,
                    "there is no strategy '" + Text.shown(name) + "'; there is: "
                            + String.join(", ", BY_NAME.keySet())
                            + ". One of your own is given in Java, to the experiment's builder or resumption");
        }
        var known = new TreeSet<>(entry.arguments);
        known.addAll(ManagementArguments.NAMES);
        for (var argument : arguments.values().keySet()) {
            if (!known.contains(argument)) {
                throw new FedbiomedException(
                        ErrorCode.UNSUPPORTED,
                        "the strategy '" + name + "' has no argument '" + Text.shown(argument)
                                + "'; the nearest is '" + HomeConfig.nearest(argument, List.copyOf(known))
                                + "'. It has " + String.join(", ", known));
            }
        }
        return ManagementArguments.apply(arguments, Strategy.of(entry.maker.apply(arguments)));
    }

    private static Selection fraction(Args arguments) {
        return new RandomFraction(required(arguments, RandomFraction.NAME, RandomFraction.SAMPLE, "0.5")
                .real(RandomFraction.SAMPLE, 1));
    }

    private static Selection byWeight(Args arguments) {
        return new ByWeight(
                required(arguments, ByWeight.NAME, ByWeight.COUNT, "2").integer(ByWeight.COUNT, 1), weights(arguments));
    }

    private static SortedMap<Participant, Double> weights(Args arguments) {
        var weights = new TreeMap<Participant, Double>();
        if (!arguments.has(ByWeight.WEIGHTS)) {
            return weights;
        }
        if (!(arguments.values().get(ByWeight.WEIGHTS) instanceof Map<?, ?> given) || given.isEmpty()) {
            throw new IllegalArgumentException(
                    "strategy.weights are numbers by participant, e.g. {hospital-a/heart: 2, hospital-b/heart: 1}");
        }
        given.forEach((name, weight) -> {
            if (!(weight instanceof Number number)) {
                throw new IllegalArgumentException("strategy.weights of " + Text.shown(String.valueOf(name))
                        + " must be a number, not " + Text.shown(String.valueOf(weight)));
            }
            weights.put(Participants.of(ByWeight.WEIGHTS, String.valueOf(name)), number.doubleValue());
        });
        return weights;
    }

    private static Selection available(Args arguments) {
        return new Available(
                arguments.integer(Available.AT_LEAST, 1),
                arguments.has(Available.WAIT)
                        ? DurationText.parse(arguments.text(Available.WAIT, ""))
                        : Available.DEFAULT_PATIENCE,
                arguments.integer(Available.COUNT, 0));
    }

    private static Selection fixed(Args arguments) {
        if (!(required(arguments, FixedList.NAME, FixedList.PARTICIPANTS, "[hospital-a/heart]")
                        .values()
                        .get(FixedList.PARTICIPANTS)
                instanceof List<?> given)) {
            throw new IllegalArgumentException(
                    "strategy.participants is a list, e.g. [hospital-a/heart, hospital-b/heart]");
        }
        var participants = new TreeSet<Participant>();
        given.forEach(name -> participants.add(Participants.of(FixedList.PARTICIPANTS, String.valueOf(name))));
        return new FixedList(participants);
    }

    private static Args required(Args arguments, String strategy, String name, String example) {
        if (!arguments.has(name)) {
            throw new IllegalArgumentException(
                    "the strategy '" + strategy + "' needs '" + name + "', e.g. " + name + ": " + example);
        }
        return arguments;
    }
}
