package fedbiomed.researcher.strategy;

/** Arguments that are numbers of things. */
final class Counts {
    private Counts() {}

    /** More rounds, participants or repetitions than any experiment has: sums of them do not overflow. */
    private static final int MOST = 1_000_000;

    /** @throws IllegalArgumentException naming the argument of {@code strategy} in {@code experiment.yaml} */
    static void require(String argument, int value, int least) {
        if (value > MOST) {
            throw new IllegalArgumentException("strategy." + argument + " must be at most " + MOST + ", not " + value);
        }
        if (value < least) {
            throw new IllegalArgumentException(
                    "strategy." + argument + " must be at least " + least + ", not " + value);
        }
    }
}
