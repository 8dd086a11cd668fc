package fedbiomed.node.round;

import fedbiomed.training.plan.MetricDeclaration;
import fedbiomed.training.plan.PlanSource;
import fedbiomed.vocabulary.PlanId;
import java.util.LinkedHashMap;
import java.util.Map;

/** What plans' texts declare of their own metrics: reading one takes a compiler, and every job asks. */
public final class Declarations {
    /** More plans than are at work at a time. */
    private static final int KEPT = 64;

    private final Map<PlanId, MetricDeclaration> read = new LinkedHashMap<>(KEPT, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<PlanId, MetricDeclaration> eldest) {
            return size() > KEPT;
        }
    };

    /** @throws fedbiomed.vocabulary.FedbiomedException {@code PLAN_INVALID} if the text cannot be read */
    synchronized MetricDeclaration of(PlanSource source) {
        return read.computeIfAbsent(source.id(), _ -> MetricDeclaration.where(source));
    }
}
