package fedbiomed.training.plan;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class PlanGuardTest {
    private static final PlanGuard GUARD = new PlanGuard(Set.of(Plan.class.getName()));

    /** Stands for a plan's class. */
    private static final class Plan {
        /** Calls something of ours with its own words, and keeps what that throws. */
        FedbiomedException kept(UnaryOperator<String> ours) {
            try {
                throw new AssertionError("ours refuses, but gave " + ours.apply("P007 is sick"));
            } catch (FedbiomedException e) {
                return e;
            }
        }
    }

    private static String refuse(String name) {
        throw new FedbiomedException(ErrorCode.PLAN_INVALID, "there is no '" + name + "'");
    }

    @Test
    void whatWeThrewWhileThePlanHadCalledUsIsNotTold() {
        var kept = new Plan().kept(PlanGuardTest::refuse);
        assertThat(GUARD.told(kept))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.PLAN_FAILED))
                .hasMessageStartingWith("the plan's code threw fedbiomed.vocabulary.FedbiomedException at line ")
                .hasMessageNotContaining("P007")
                .hasCause(kept);
    }

    /** The plan's own frames then lie below those that the JVM keeps. */
    @Test
    void norIsWhatWasThrownTooDeepToKnow() {
        UnaryOperator<String> deep = PlanGuardTest::refuse;
        for (int i = 0; i < 2000; i++) {
            deep = andNoMore(deep);
        }
        assertThat(GUARD.told(new Plan().kept(deep))).hasMessageNotContaining("P007");
    }

    private static UnaryOperator<String> andNoMore(UnaryOperator<String> operator) {
        return text -> operator.apply(text);
    }

    @Test
    void whatWeSayOfOurselvesIsTold() {
        var own = new FedbiomedException(ErrorCode.DATA_UNFIT, "the table has no rows");
        assertThat(GUARD.told(own)).isSameAs(own);
    }
}
