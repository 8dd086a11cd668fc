package fedbiomed.researcher.experiment;

import fedbiomed.vocabulary.Scalar;

/** Keeps the numbers of a running experiment. One call at a time. */
interface RunLog extends AutoCloseable {
    void add(Scalar scalar);

    /** Of a round that is on disk. */
    void add(RoundSummary summary);

    /** @param round that made the model */
    void addFinalTest(int round, Evaluation test);

    @Override
    void close();
}
