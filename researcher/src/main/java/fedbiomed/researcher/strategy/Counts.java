package fedbiomed.researcher.strategy;

/** Arguments that are numbers of things. */
final class Counts {
    private Counts() {}

    /** @throws IllegalArgumentException naming the argument of {@code strategy} in {@code experiment.yaml} */
    static void require(String argument, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(
                    "strategy." + argument + " must be at least " + least + ", not " + value);
        }
    }
}
