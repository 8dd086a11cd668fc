package fedbiomed.researcher.strategy;

/** What a {@link Strategy} thinks of a round as it stands. */
public sealed interface Decision {
    /** Answers that matter are still out. */
    record Wait() implements Decision {}

    /** The answers that are there make the round. */
    record Complete() implements Decision {}

    /**
     * The round cannot become complete.
     *
     * @param reason for a person: how many answered, how many were needed
     */
    record Fail(String reason) implements Decision {}

    Decision WAIT = new Wait();
    Decision COMPLETE = new Complete();
}
