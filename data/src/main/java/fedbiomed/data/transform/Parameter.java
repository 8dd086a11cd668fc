package fedbiomed.data.transform;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;

/** What a plan gives a transform, checked. */
final class Parameter {
    private Parameter() {}

    /** @throws FedbiomedException PLAN_INVALID */
    static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new FedbiomedException(ErrorCode.PLAN_INVALID, "the plan's data(...) " + otherwise);
        }
    }
}
