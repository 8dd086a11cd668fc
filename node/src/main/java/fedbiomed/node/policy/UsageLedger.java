package fedbiomed.node.policy;

import fedbiomed.node.state.NodeDatabase;
import fedbiomed.vocabulary.PartyId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How many rounds each researcher has begun and how long workers were at work for it, by day and dataset, in the node's
 * state: neither a restart nor a kill sets it back (of work that runs, at most {@link #SAVED_EVERY} is lost). A request
 * that is taken up again after a restart, or asked again, is no further round.
 */
public final class UsageLedger {
    static final Duration SAVED_EVERY = Duration.ofSeconds(5);

    /** Longer than any request is remembered ({@code RequestJournal}): until then it is known that it was paid for. */
    private static final int KEPT_DAYS = 40;

    private final UsageRows rows;
    private final Clock clock;
    /** What is at work now, by request. */
    private final Map<String, Running> running = new HashMap<>();

    /** @param since up to when its time is saved */
    private record Running(PartyId researcher, String dataset, ZoneId zone, Instant since) {}

    /** What a researcher has had in a day, on one dataset. */
    public record Entry(String researcher, String dataset, long rounds, Duration worked) {}

    public UsageLedger(NodeDatabase database, Clock clock) {
        this(new SqlUsage(database), clock);
    }

    private UsageLedger(UsageRows rows, Clock clock) {
        this.rows = rows;
        this.clock = clock;
    }

    /** Keeps nothing, for a policy that never limits it ({@link Policy#limitsUse}). */
    public static UsageLedger ofNothing(Clock clock) {
        return new UsageLedger(UsageRows.NONE, clock);
    }

    private LocalDate today(ZoneId zone) {
        return clock.instant().atZone(zone).toLocalDate();
    }

    /** Writes down that a request is begun. @param round whether it is one of the rounds of the day */
    void begin(String request, PartyId researcher, String dataset, boolean round, ZoneId zone) {
        rows.begin(request, today(zone), researcher, dataset, round);
    }

    /** Its working time goes on until this is closed. */
    public interface Meter extends AutoCloseable {
        @Override
        void close();
    }

    synchronized Meter measure(String request, PartyId researcher, String dataset, ZoneId zone) {
        running.put(request, new Running(researcher, dataset, zone, clock.instant()));
        return () -> {
            synchronized (this) {
                save(request);
                running.remove(request);
            }
        };
    }

    private synchronized void save(String request) {
        var work = running.get(request);
        if (work == null) {
            return;
        }
        var now = clock.instant();
        rows.worked(
                request, now.atZone(work.zone()).toLocalDate(), work.researcher(), work.dataset(), since(work, now));
        running.put(request, new Running(work.researcher(), work.dataset(), work.zone(), now));
    }

    /** A clock that was set back gives nothing back. */
    private static Duration since(Running work, Instant now) {
        var time = Duration.between(work.since(), now);
        return time.isNegative() ? Duration.ZERO : time;
    }

    /** What a researcher has had today, without the rounds of {@code request}: it need not pay for itself. */
    synchronized Usage of(PartyId researcher, String dataset, @Nullable String request, ZoneId zone) {
        saveWhatIsDue();
        var day = today(zone);
        var now = clock.instant();
        var all = Duration.ZERO;
        var here = Duration.ZERO;
        for (var work : running.values()) {
            if (work.researcher().equals(researcher)) {
                all = all.plus(since(work, now));
                here = work.dataset().equals(dataset) ? here.plus(since(work, now)) : here;
            }
        }
        long rounds = 0;
        long roundsHere = 0;
        for (var entry : rows.of(day, researcher, request)) {
            rounds += entry.rounds();
            all = all.plus(entry.worked());
            if (entry.dataset().equals(dataset)) {
                roundsHere += entry.rounds();
                here = here.plus(entry.worked());
            }
        }
        return new Usage(rounds, all, roundsHere, here);
    }

    /** What a kill would lose is never more than {@link #SAVED_EVERY}. */
    synchronized void saveWhatIsDue() {
        var due = clock.instant().minus(SAVED_EVERY);
        running.entrySet().stream()
                .filter(entry -> !entry.getValue().since().isAfter(due))
                .map(Map.Entry::getKey)
                .toList()
                .forEach(this::save);
    }

    /** What everybody has had today, as far as it is saved. */
    public List<Entry> today(Policy policy) {
        return rows.of(today(policy.timeZone()));
    }

    /** Forgets days long past. */
    public void sweep() {
        rows.forgetBefore(today(ZoneId.of("UTC")).minusDays(KEPT_DAYS));
    }
}
