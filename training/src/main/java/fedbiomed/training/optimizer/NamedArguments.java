package fedbiomed.training.optimizer;

import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.util.TreeSet;
import java.util.function.DoublePredicate;
import java.util.function.Supplier;

/** Reads the arguments of a correction or a module; what is unknown or out of its range is an error that names it. */
final class NamedArguments {
    private final String owner;
    private final Args args;
    private final TreeSet<String> known = new TreeSet<>();

    /** @param owner e.g. {@code the optimizer module 'adam'} */
    NamedArguments(String owner, Args args) {
        this.owner = owner;
        this.args = args;
    }

    /** At least 0 and below 1: a decay rate. */
    double decay(String name, double fallback) {
        return real(name, fallback, value -> value >= 0 && value < 1, "at least 0 and below 1");
    }

    double positive(String name, double fallback) {
        return real(name, fallback, value -> value > 0, "above 0");
    }

    /** Above 0; there is no default. */
    double required(String name) {
        if (!args.has(name)) {
            throw refused(owner + " needs '" + name + "', a number above 0");
        }
        return positive(name, Double.NaN);
    }

    double notNegative(String name, double fallback) {
        return real(name, fallback, value -> value >= 0, "at least 0");
    }

    private double real(String name, double fallback, DoublePredicate allowed, String range) {
        known.add(name);
        var value = read(() -> args.real(name, fallback));
        if (!Double.isFinite(value) || !allowed.test(value)) {
            throw refused(name + " of " + owner + " must be a number " + range + ", not " + value);
        }
        return value;
    }

    boolean flag(String name, boolean fallback) {
        known.add(name);
        return read(() -> args.flag(name, fallback));
    }

    int oneOrTwo(String name, int fallback) {
        known.add(name);
        int value = read(() -> args.integer(name, fallback));
        if (value != 1 && value != 2) {
            throw refused(name + " of " + owner + " must be 1 or 2, not " + value);
        }
        return value;
    }

    private <T> T read(Supplier<T> argument) {
        try {
            return argument.get();
        } catch (IllegalArgumentException e) {
            throw new FedbiomedException(ErrorCode.UNSUPPORTED, owner + ": " + e.getMessage(), e);
        }
    }

    /** To be called when all have been read. */
    void requireNoOther() {
        for (var name : args.values().keySet()) {
            if (!known.contains(name)) {
                throw refused(owner + " has no argument '" + Text.shown(name) + "'; "
                        + (known.isEmpty() ? "it takes none" : "it knows " + String.join(", ", known)));
            }
        }
    }

    static FedbiomedException refused(String text) {
        return new FedbiomedException(ErrorCode.UNSUPPORTED, text);
    }
}
