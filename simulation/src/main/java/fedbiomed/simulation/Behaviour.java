package fedbiomed.simulation;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a simulated node behaves, from the next message on. It may be changed at any time, also while rounds run.
 *
 * @param online whether it is connected; what is sent to it while it is not is lost, what it has to say waits
 * @param delay that much longer each of its jobs takes
 * @param failure why its jobs fail; {@code null} where they do not
 * @param transformation of its updates; {@code null} where it is honest
 * @param work how much of its training it does; {@code null} where it does all
 */
public record Behaviour(
        boolean online,
        Duration delay,
        @Nullable String failure,
        @Nullable UpdateTransformation transformation,
        @Nullable PartialWork work) {
    private static final Behaviour HONEST = new Behaviour(true, Duration.ZERO, null, null, null);

    public Behaviour {
        if (delay.isNegative()) {
            throw new IllegalArgumentException("a delay is not negative: " + delay);
        }
    }

    /** There, in time, and true. */
    public static Behaviour honest() {
        return HONEST;
    }

    /** Not connected. */
    public static Behaviour offline() {
        return new Behaviour(false, Duration.ZERO, null, null, null);
    }

    /** Every job takes that much longer. */
    public static Behaviour late(Duration delay) {
        return new Behaviour(true, delay, null, null, null);
    }

    /** Every job fails; the researcher is told {@code why}. */
    public static Behaviour failing(String why) {
        return new Behaviour(true, Duration.ZERO, Objects.requireNonNull(why), null, null);
    }

    /** It sends something else than it has trained. */
    public static Behaviour hostile(UpdateTransformation transformation) {
        return new Behaviour(true, Duration.ZERO, null, Objects.requireNonNull(transformation), null);
    }

    /** A straggler that sends what it has got done: it trains less than it is asked. */
    public static Behaviour straggling(PartialWork work) {
        return new Behaviour(true, Duration.ZERO, null, null, Objects.requireNonNull(work));
    }

    /** The same, and every job takes that much longer. */
    public Behaviour withDelay(Duration longer) {
        return new Behaviour(online, longer, failure, transformation, work);
    }
}
