package fedbiomed.training.torch;

import fedbiomed.training.metrics.CustomMetrics;
import fedbiomed.training.plan.PlanGuard;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A plan's own metrics: declared by name, so that a data manager sees what may leave, and nothing else does. */
final class TestMetrics {
    /** Where a plan has neither metrics of its own nor a target that is scored. */
    static final List<String> LOSS = CustomMetrics.LOSS;

    private TestMetrics() {}

    /** @param scored whether the task has usual metrics */
    static List<String> names(TorchPlan plan, PlanGuard guard, boolean scored) {
        var names = guard.call("testingMetrics", () -> List.copyOf(plan.testingMetrics()));
        if (names.isEmpty()) {
            return scored ? names : LOSS;
        }
        CustomMetrics.requireNames(names);
        return names;
    }

    /** @throws FedbiomedException {@code PLAN_FAILED} if they are not exactly those declared, each a scalar */
    static double[] values(List<String> names, Map<String, TorchTensor> metrics) {
        if (metrics.size() != names.size()) {
            throw otherThanDeclared(names);
        }
        var values = new double[names.size()];
        for (int i = 0; i < values.length; i++) {
            @Nullable TorchTensor metric = metrics.get(names.get(i));
            if (metric == null) {
                throw otherThanDeclared(names);
            }
            if (metric.elements() != 1) {
                throw new FedbiomedException(
                        ErrorCode.PLAN_FAILED,
                        "the plan's testingStep gave no scalar for '" + names.get(i)
                                + "'; give e.g. the mean() over the batch");
            }
            values[i] = metric.raw.item_double();
        }
        return values;
    }

    /** Names that came instead may hold data: they are not told. */
    private static FedbiomedException otherThanDeclared(List<String> names) {
        return new FedbiomedException(
                ErrorCode.PLAN_FAILED,
                "the plan's testingStep gave other metrics than testingMetrics() declares; give exactly " + names);
    }
}
