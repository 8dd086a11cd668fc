package fedbiomed.researcher.experiment;

/** What a number of a run was measured in, as {@code metrics.jsonl} and TensorBoard have it. */
final class RunPhases {
    static final String TRAINING = "training";
    static final String GLOBAL_TEST = "test_on_global_updates";
    static final String LOCAL_TEST = "test_on_local_updates";

    /** Of the model that the last round made. */
    static final String FINAL_TEST = "test_of_final_model";

    private RunPhases() {}
}
