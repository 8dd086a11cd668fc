package fedbiomed.researcher.strategy;

import fedbiomed.protocol.home.DurationText;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.util.Set;
import java.util.TreeSet;

/** Strategies by name, for {@code experiment.yaml}. */
public final class Strategies {
    private static final Set<String> ARGUMENTS = Set.of("sample", "quorum", "deadline", "absent_after");

    private Strategies() {}

    /**
     * @throws FedbiomedException {@code UNSUPPORTED} naming the strategy or argument that there is none of
     * @throws IllegalArgumentException naming the argument whose value does not fit
     */
    public static Strategy named(String name, Args arguments) {
        if (!name.equals(AllParticipants.NAME)) {
            throw new FedbiomedException(
                    ErrorCode.UNSUPPORTED,
                    "there is no strategy '" + Text.shown(name) + "'; there is: " + AllParticipants.NAME
                            + ". One of your own is given in Java, to the experiment's builder or resumption");
        }
        for (var argument : arguments.values().keySet()) {
            if (!ARGUMENTS.contains(argument)) {
                throw new FedbiomedException(
                        ErrorCode.UNSUPPORTED,
                        "the strategy '" + name + "' has no argument '" + Text.shown(argument) + "'; it has "
                                + String.join(", ", new TreeSet<>(ARGUMENTS)));
            }
        }
        var strategy = Strategy.all().sample(arguments.real("sample", 1));
        if (arguments.has("quorum")) {
            strategy = strategy.quorum(arguments.integer("quorum", 1));
        }
        if (arguments.has("deadline")) {
            strategy = strategy.deadline(DurationText.parse(arguments.text("deadline", "")));
        }
        return arguments.has("absent_after")
                ? strategy.absentAfter(DurationText.parse(arguments.text("absent_after", "")))
                : strategy;
    }
}
