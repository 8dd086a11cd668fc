package fedbiomed.training.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

class PlanCompilerTest {
    private static final PlanCompiler COMPILER = new PlanCompiler(List.of(), ClassCheck.ALLOW_ALL);

    private static CompiledPlan compiled(String text) {
        return COMPILER.compile(new PlanSource(text));
    }

    private static void assertCode(Throwable thrown, ErrorCode code) {
        assertThat(thrown)
                .isInstanceOfSatisfying(
                        FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void anErrorIsToldWithItsLine() {
        assertThatThrownBy(() -> compiled("public class A {\n  int x = \"text\";\n}"))
                .satisfies(e -> assertCode(e, ErrorCode.PLAN_INVALID))
                .hasMessageContaining("line 2: incompatible types");
    }

    @Test
    void aUnicodeEscapeIsNoWayToHideCode() {
        for (var hidden : new String[] {
            "// nothing here \\u000a int x = evil();",
            "/* \\uuuu002a/ int x; /* */",
            "String s = \"\\\\\\u0041\";",
            "int \\u0061;"
        }) {
            assertThatThrownBy(() -> compiled("public class A {\n  " + hidden + "\n}"))
                    .satisfies(e -> assertCode(e, ErrorCode.PLAN_INVALID))
                    .hasMessageContaining("line 2 of the plan has a Unicode escape");
        }
        // an escaped backslash before a u is none
        compiled("public class A { String path = \"C:\\\\users\"; String regex = \"\\\\\\\\u\"; }");
    }

    @Test
    void onlyTheFirstErrorsAreTold() {
        assertThatThrownBy(() -> compiled("public class A {\n" + "  Missing m;\n".repeat(9) + "}"))
                .hasMessageContaining("line 6: cannot find symbol")
                .hasMessageNotContaining("line 7:")
                .hasMessageContaining("and 4 more");
    }

    @Test
    void noStaticSurvivesFromOneLoadToTheNext() throws Exception {
        var plan = compiled("""
                import java.util.concurrent.Callable;
                public class A implements Callable<Integer> {
                    private static int count;
                    public Integer call() { return ++count; }
                }
                """);
        assertThat(plan.load(Callable.class).call()).isEqualTo(1);
        assertThat(plan.load(Callable.class).call()).isEqualTo(1);
    }

    @Test
    void everyClassIsCheckedBeforeAnyIsDefined() {
        var seen = new ArrayList<String>();
        var compiler = new PlanCompiler(List.of(), (name, _) -> seen.add(name));
        compiler.compile(new PlanSource("public class A { static class B {} Object o = new Object() {}; }"));
        assertThat(seen).containsExactlyInAnyOrder("A", "A$B", "A$1");
        var refusing = new PlanCompiler(List.of(), (name, _) -> {
            throw new FedbiomedException(ErrorCode.PLAN_INVALID, name + " is refused");
        });
        assertThatThrownBy(() -> refusing.compile(new PlanSource("public class A {}")))
                .hasMessage("A is refused");
    }

    @Test
    void aPlanOfAnotherTypeIsRefused() {
        assertThatThrownBy(() -> compiled("public class A {}").load(Callable.class))
                .satisfies(e -> assertCode(e, ErrorCode.PLAN_INVALID))
                .hasMessageContaining("SgdClassifier");
        assertThatThrownBy(() -> compiled("public class A implements java.util.concurrent.Callable<String> {"
                                + " public A(int x) {} public String call() { return \"\"; } }")
                        .load(Callable.class))
                .hasMessageContaining("no public constructor without");
    }

    private static Callable<?> throwing(String body) {
        return compiled("public class A implements java.util.concurrent.Callable<Object> {\n"
                        + "  int depth(int n) { return depth(n + 1) + 1; }\n"
                        + "  public Object call() {\n" + body + "\n  }\n}")
                .load(Callable.class);
    }

    private static void run(String body) {
        var guard = new PlanGuard(java.util.Set.of("A", "A$1"));
        var plan = throwing(body);
        guard.call("trainingStep", plan::call);
    }

    @Test
    void whatAPlanThrowsIsToldByClassAndLineWithoutItsText() {
        assertThatThrownBy(() -> run("throw new IllegalStateException(\"row of PATIENT-7\");"))
                .satisfies(e -> assertCode(e, ErrorCode.PLAN_FAILED))
                .hasMessageContaining("the plan's trainingStep threw java.lang.IllegalStateException at line 4")
                .hasMessageNotContaining("PATIENT-7")
                .hasStackTraceContaining("PATIENT-7");
    }

    @Test
    void anExceptionThatThrowsWhenItIsAskedIsNoWayOut() {
        assertThatThrownBy(() ->
                        run("throw new RuntimeException() { @Override public StackTraceElement[] getStackTrace() {"
                                + " throw new RuntimeException(\"PATIENT-7\"); } };"))
                .satisfies(e -> assertCode(e, ErrorCode.PLAN_FAILED))
                .hasMessageContaining("threw A$1");
    }

    @Test
    void memoryAndDepthHaveRemedies() {
        assertThatThrownBy(() -> run("return depth(0);"))
                .hasMessageContaining("java.lang.StackOverflowError at line 2")
                .hasMessageContaining("end the recursion");
        assertThatThrownBy(() -> run("return new long[Integer.MAX_VALUE];"))
                .hasMessageContaining("java.lang.OutOfMemoryError at line 4")
                .hasMessageContaining("lower batch_size");
    }

    @Test
    void nullIsNoAnswer() {
        assertThatThrownBy(() -> run("return null;"))
                .satisfies(e -> assertCode(e, ErrorCode.PLAN_FAILED))
                .hasMessageContaining("trainingStep returned null");
    }
}
