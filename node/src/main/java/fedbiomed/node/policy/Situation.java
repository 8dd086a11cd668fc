package fedbiomed.node.policy;

import fedbiomed.vocabulary.PartyId;
import java.time.Instant;

/**
 * What is held against the policy.
 *
 * @param node this one, as refusals name it
 * @param dataset its id
 * @param datasetName what the data manager calls it
 */
public record Situation(
        PartyId node,
        PartyId researcher,
        String dataset,
        String datasetName,
        Work work,
        Moment moment,
        Usage usage,
        Instant now) {
    /** What is asked for. */
    public enum Work {
        TRAIN,
        EVALUATE,
        CHECK,
        STATISTICS;

        /** Whether it counts as one of the {@code rounds_a_day}. */
        public boolean isRound() {
            return this == TRAIN || this == EVALUATE;
        }
    }

    public enum Moment {
        /** Before anything is done. */
        BEGIN,
        /** While a worker is at work, or waits for its next round: what was begun is paid for. */
        GOING_ON,
        /** It is done, and the results are about to leave: what it has cost is no longer asked. */
        LEAVING
    }
}
