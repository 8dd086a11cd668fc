package fedbiomed.researcher.experiment;

import fedbiomed.vocabulary.Timings;

/**
 * Where the researcher's own time went in a round; of one that was resumed, in the attempt that finished it.
 *
 * @param begun in ISO 8601
 * @param totalMillis until the new global model was on disk
 * @param phases {@code publish} (seal the model and bring it to the parameter store), {@code gather} (until the strategy was content),
 *     {@code aggregate}
 */
public record RoundTimings(String begun, long totalMillis, Timings phases) {}
