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
 * @param researcher who asked first; this node itself where its data manager registered the plan
 * @param requestNote what the researcher told the data manager
 * @param decidedBy the user of this machine who decided; empty while nobody has
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
        String decidedBy,
        String decisionNote) {}
