package fedbiomed.training.plan;

/**
 * Looks at every class of a compiled plan before any of them is defined, and refuses the plan by throwing. The seam for
 * an allow-list of what a plan may refer to.
 */
@FunctionalInterface
public interface ClassCheck {
    /** Lets every class through. */
    ClassCheck ALLOW_ALL = (_, _) -> {};

    /**
     * @param className binary name, e.g. {@code HeartPlan$1}
     * @param bytecode a class file (JVMS 4) as the compiler wrote it; not to be changed
     * @throws fedbiomed.vocabulary.FedbiomedException {@code PLAN_INVALID} saying what is not allowed
     */
    void check(String className, byte[] bytecode);
}
