package fedbiomed.node.command;

import fedbiomed.vocabulary.PlanStatus;
import picocli.CommandLine.Command;

@Command(
        name = "approve",
        description = "Approve a training plan: trusted researchers may run exactly this text on the datasets here.")
final class PlanApproveCommand extends PlanDecision {
    @Override
    PlanStatus decision() {
        return PlanStatus.APPROVED;
    }
}
