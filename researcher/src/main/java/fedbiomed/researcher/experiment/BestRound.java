package fedbiomed.researcher.experiment;

/**
 * The round whose model did best by a metric.
 *
 * @param round that made the model; 0: the initial one was best
 * @param value of all participants' held-out rows together
 */
public record BestRound(String metric, int round, double value) {}
