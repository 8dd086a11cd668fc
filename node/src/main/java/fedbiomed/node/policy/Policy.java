package fedbiomed.node.policy;

import fedbiomed.vocabulary.PartyId;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the data manager allows: the content of {@code policy.yaml}. Trust by fingerprint and the approval of plans are
 * asked for beside it.
 *
 * @param timeZone in which its hours and days are meant
 * @param everywhere what holds for every dataset
 * @param datasets what holds further for some, by their id or name; where both say something the stricter holds
 * @param unapprovedPlansFrom researchers whose plans run before anybody has read them, in a sandbox alone
 */
public record Policy(
        ZoneId timeZone,
        Rules everywhere,
        List<QuietHours> quietHours,
        Map<String, Rules> datasets,
        Set<PartyId> unapprovedPlansFrom) {
    /** More rounds than an experiment has; a program gone wild is stopped by it. */
    private static final int USUAL_ROUNDS_A_DAY = 1000;

    private static final int USUAL_MINIMUM_SAMPLES = 10;

    /** Where there is no file: everyone whom the data manager trusts, every dataset, approved plans alone. */
    public static final Policy DEFAULTS = new Policy(
            ZoneId.systemDefault(),
            new Rules(null, USUAL_ROUNDS_A_DAY, Duration.ofHours(24), USUAL_MINIMUM_SAMPLES, true, true),
            List.of(),
            Map.of(),
            Set.of());

    public Policy {
        quietHours = List.copyOf(quietHours);
        datasets = Map.copyOf(datasets);
        unapprovedPlansFrom = Set.copyOf(unapprovedPlansFrom);
    }

    /** The defaults, where an older {@code config.yaml} has a minimum of its own (0: it has none). */
    static Policy defaults(int formerMinimum) {
        return formerMinimum > 0 ? DEFAULTS.withMinimum(formerMinimum) : DEFAULTS;
    }

    /** As it is, but nothing is about fewer than {@code rows}. */
    Policy withAtLeast(int rows) {
        return withMinimum(Math.max(rows, everywhere.minimumSamples()));
    }

    private Policy withMinimum(int rows) {
        var all = new Rules(
                everywhere.researchers(),
                everywhere.roundsADay(),
                everywhere.hoursADay(),
                rows,
                everywhere.metricsLeave(),
                everywhere.statisticsLeave());
        return new Policy(timeZone, all, quietHours, datasets, unapprovedPlansFrom);
    }

    /** What holds for a dataset beside {@link #everywhere}: what is said of its id and what is said of its name. */
    List<Rules> of(String id, String name) {
        return id.equals(name)
                ? List.of(datasets.getOrDefault(id, Rules.NO_FURTHER))
                : List.of(datasets.getOrDefault(id, Rules.NO_FURTHER), datasets.getOrDefault(name, Rules.NO_FURTHER));
    }

    /** Rows that what leaves of a dataset is at least about. */
    public int minimumSamples(String id, String name) {
        return of(id, name).stream().mapToInt(Rules::minimumSamples).reduce(everywhere.minimumSamples(), Math::max);
    }

    /** Whether numbers of trainings and tests may leave of a dataset. */
    public boolean metricsLeave(String id, String name) {
        return everywhere.metricsLeave() && of(id, name).stream().allMatch(Rules::metricsLeave);
    }

    /** Whether it says how much anybody may have in a day. */
    public boolean limitsUse() {
        return everywhere.limitsUse() || datasets.values().stream().anyMatch(Rules::limitsUse);
    }

    public boolean mayRunUnapproved(PartyId researcher) {
        return unapprovedPlansFrom.contains(researcher);
    }

    /** Entries in the order of their names, as they are shown. */
    public TreeMap<String, Rules> namedDatasets() {
        return new TreeMap<>(datasets);
    }
}
