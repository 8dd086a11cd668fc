package fedbiomed.node.command;

import fedbiomed.vocabulary.PlanStatus;
import picocli.CommandLine.Command;

@Command(
        name = "reject",
        description = "Reject a training plan, also one that was approved before; what runs of it is ended.")
final class PlanRejectCommand extends PlanDecision {
    @Override
    PlanStatus decision() {
        return PlanStatus.REJECTED;
    }
}
