package fedbiomed.node.round;

import java.io.PrintStream;
import java.util.Arrays;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs the test classes that its arguments name, in this process, and prints a line for each test: {@code SUCCESSFUL},
 * {@code ABORTED} (skipped, with the reason) or {@code FAILED}, and its name; of a failure also the stack trace.
 */
final class SuiteMain {
    private SuiteMain() {}

    static void main(String[] classes) {
        var request = LauncherDiscoveryRequestBuilder.request()
                .selectors(Arrays.stream(classes)
                        .map(DiscoverySelectors::selectClass)
                        .toList())
                .build();
        LauncherFactory.create().execute(request, new Lines(System.out));
        // a server's thread that a test left behind must not keep the process
        System.exit(0);
    }

    private record Lines(PrintStream out) implements TestExecutionListener {
        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            var thrown = result.getThrowable();
            boolean ofClass = !test.isTest() && result.getStatus() != TestExecutionResult.Status.SUCCESSFUL;
            if (test.isTest() || ofClass) {
                out.println(result.getStatus() + " " + test.getDisplayName()
                        + thrown.map(e -> ": " + String.valueOf(e.getMessage()).replace('\n', ' '))
                                .orElse(""));
            }
            if (result.getStatus() == TestExecutionResult.Status.FAILED) {
                thrown.ifPresent(e -> e.printStackTrace(out));
            }
        }
    }
}
