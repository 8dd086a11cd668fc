package fedbiomed.training.plan;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Stands between us and a plan's code. An exception of a plan may hold a row of data in its text, so only its class and
 * the plan's line are told; the exception itself is the cause, for a log that stays where the data is.
 */
public final class PlanGuard {
    private static final String MORE_MEMORY = "; it needs more memory than the worker has: lower batch_size or the"
            + " model's size, or ask the data manager for more memory";

    /** A JVM keeps so many frames of a stack trace (MaxJavaStackTraceDepth): whose are below is not known. */
    private static final int KEPT_FRAMES = 1024;

    private final Set<String> planClasses;

    /** @param planClasses binary names of the plan's classes, by which its stack frames are known */
    public PlanGuard(Set<String> planClasses) {
        this.planClasses = Set.copyOf(planClasses);
    }

    /** A call into the plan. */
    @FunctionalInterface
    public interface PlanCall<T> {
        @Nullable
        T run() throws Throwable;
    }

    /**
     * @param hook the plan's method, e.g. {@code trainingStep}
     * @throws FedbiomedException {@code PLAN_FAILED} whatever the plan throws, and where it returns null
     */
    @SuppressWarnings("CatchingUnchecked") // everything that a stranger's code may throw is meant
    public <T> T call(String hook, PlanCall<T> call) {
        T result;
        try {
            result = call.run();
        } catch (Throwable thrown) {
            throw failed(hook, thrown);
        }
        if (result == null) {
            throw new FedbiomedException(
                    ErrorCode.PLAN_FAILED, "the plan's " + hook + " returned null; let it return a value");
        }
        return result;
    }

    /**
     * What is told of a failure that is not a hook's own: itself, unless our code threw it while the plan had called it. A
     * plan that has got hold of such an exception, with a text that it chose, may throw it where no hook is guarded.
     */
    public FedbiomedException told(FedbiomedException failure) {
        var frames = failure.getStackTrace();
        boolean ofPlan = frames.length >= KEPT_FRAMES
                || Arrays.stream(frames).anyMatch(frame -> planClasses.contains(frame.getClassName()));
        return ofPlan ? failed("code", failure) : failure;
    }

    private FedbiomedException failed(String hook, Throwable thrown) {
        var shown =
                thrown instanceof ExceptionInInitializerError && thrown.getCause() != null ? thrown.getCause() : thrown;
        var text = "the plan's " + hook + " threw " + shown.getClass().getName() + line(shown);
        var remedy = switch (shown) {
            case OutOfMemoryError _ -> MORE_MEMORY;
            case RuntimeException e when isNativeMemory(e) -> MORE_MEMORY;
            case StackOverflowError _ -> "; it calls itself too deeply: end the recursion or use a loop";
            default -> "; the exception's own text stays in the node's log, since it may hold data";
        };
        return new FedbiomedException(ErrorCode.PLAN_FAILED, text + remedy, thrown);
    }

    /** What an exception of a plan says of itself, if anything; a plan's own exception class may throw again when it is asked. */
    @SuppressWarnings("CatchingUnchecked")
    public static String said(Throwable thrown) {
        try {
            var message = thrown.getMessage();
            return message == null ? "" : message;
        } catch (Throwable _) {
            return thrown.getClass().getName();
        }
    }

    /** PyTorch tells of memory that it did not get by a text alone. */
    private static boolean isNativeMemory(RuntimeException thrown) {
        return thrown.getClass() == RuntimeException.class && said(thrown).contains("can't allocate memory");
    }

    /** A plan's own exception class may override {@code getStackTrace}: that is a plan's code too, and may throw. */
    @SuppressWarnings("CatchingUnchecked")
    private String line(Throwable thrown) {
        try {
            for (var frame : thrown.getStackTrace()) {
                if (planClasses.contains(frame.getClassName()) && frame.getLineNumber() > 0) {
                    return " at line " + frame.getLineNumber();
                }
            }
        } catch (Throwable _) {
            return "";
        }
        return "";
    }
}
