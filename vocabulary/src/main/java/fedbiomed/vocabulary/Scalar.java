package fedbiomed.vocabulary;

/**
 * One number of a running training, for the monitor.
 *
 * @param phase {@link #QUEUE}, {@code training}, {@code test_on_global_updates} or {@code test_on_local_updates}
 * @param name e.g. {@code loss}, {@code learning_rate}, {@code seconds_per_batch}, {@code memory_mb}, {@code accuracy}
 * @param iteration batches done in this round when it arose, from 1
 * @param total batches that this round will have, 0 where unknown
 */
public record Scalar(
        int round, Participant participant, String phase, String name, long iteration, long total, double value) {
    /** Before its work has begun: the node works on others'. */
    public static final String QUEUE = "queue";
    /** In the line at the node, from 1; {@link #total} is how many wait. */
    public static final String PLACE = "place";
}
