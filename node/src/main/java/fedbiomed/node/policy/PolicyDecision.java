package fedbiomed.node.policy;

/** What the policy says of a {@link Situation}. */
public sealed interface PolicyDecision {
    record Allowed() implements PolicyDecision {}

    /** @param text for the researcher: which rule, with which value, and what to do */
    record Refused(PolicyRule rule, String text) implements PolicyDecision {}
}
