package fedbiomed.training.torch;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.util.List;

/** The classes that a plan says it needs. */
final class Dependencies {
    private Dependencies() {}

    /** @throws FedbiomedException {@code PLAN_INVALID} naming the first that is not there */
    static void require(List<String> classes, Class<?> plan) {
        for (var name : classes) {
            try {
                Class.forName(name, false, plan.getClassLoader());
            } catch (ClassNotFoundException | LinkageError e) {
                throw new FedbiomedException(
                        ErrorCode.PLAN_INVALID,
                        "the plan depends on the class '" + Text.shown(name)
                                + "', which is not there; a plan may use the JDK and Fed-BioMed's training library",
                        e);
            }
        }
    }
}
