package fedbiomed.node.policy;

import fedbiomed.vocabulary.PartyId;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What holds for every dataset, or for one.
 *
 * @param researchers who may; {@code null}: everyone whom the data manager trusts
 * @param roundsADay trainings and tests of one researcher in a day; {@code null}: as many as there are
 * @param hoursADay working time of one researcher in a day; {@code null}: all of it
 * @param minimumSamples nothing leaves that is about fewer rows
 */
public record Rules(
        @Nullable Set<PartyId> researchers,
        @Nullable Integer roundsADay,
        @Nullable Duration hoursADay,
        int minimumSamples,
        boolean metricsLeave,
        boolean statisticsLeave) {
    public Rules {
        researchers = researchers == null ? null : Set.copyOf(researchers);
    }

    /** A dataset's own that allow nothing less than those of all datasets. */
    static final Rules NO_FURTHER = new Rules(null, null, null, 1, true, true);

    boolean limitsUse() {
        return roundsADay != null || hoursADay != null;
    }

    boolean isFor(PartyId researcher) {
        return researchers == null || researchers.contains(researcher);
    }
}
