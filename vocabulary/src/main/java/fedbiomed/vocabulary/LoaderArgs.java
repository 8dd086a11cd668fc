package fedbiomed.vocabulary;

/**
 * How a node's training rows become batches (Fed-BioMed's {@code loader_args}).
 *
 * @param batchSize samples a batch, at least 1
 * @param shuffle new order each epoch, seeded by experiment, round, node and dataset
 * @param dropLast leave out a last batch that is smaller than {@code batchSize}
 */
public record LoaderArgs(int batchSize, boolean shuffle, boolean dropLast) {
    public static final int DEFAULT_BATCH_SIZE = 48;
    public static final LoaderArgs DEFAULT = new LoaderArgs(DEFAULT_BATCH_SIZE, true, false);

    public LoaderArgs {
        if (batchSize < 1) {
            throw new IllegalArgumentException("loader_args.batch_size must be at least 1, not " + batchSize);
        }
    }
}
