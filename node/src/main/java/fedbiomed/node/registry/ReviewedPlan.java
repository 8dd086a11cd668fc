package fedbiomed.node.registry;

import fedbiomed.training.plan.PlanSource;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.PlanId;
import fedbiomed.vocabulary.PlanStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A training plan at this node.
 *
 * @param source exactly the text that is shown, approved and compiled
 * @param researcher who asked first
 * @param requestNote what the researcher told the data manager
 * @param decisionNote what the data manager answered; empty if nothing
 */
public record ReviewedPlan(
        PlanId id,
        String className,
        PlanSource source,
        PartyId researcher,
        String requestNote,
        Instant requested,
        PlanStatus status,
        @Nullable Instant decided,
        String decisionNote) {}
