package fedbiomed.vocabulary;

import java.nio.ByteBuffer;

/**
 * Every seed of an experiment, derived from the experiment's own and from names, never from run ids or the clock:
 * {@code first 8 bytes of SHA-256("fedbiomed" | seed | purpose | names...)}, so that a reproduction derives the same.
 */
public final class Seeds {
    private Seeds() {}

    /** Initial values of the model's parameters. */
    public static long model(long experimentSeed) {
        return derive(experimentSeed, "model");
    }

    /** Which rows are held out; {@code round} is left out of it unless they are to differ between rounds. */
    public static long split(long experimentSeed, Participant participant, int round, boolean differByRound) {
        return derive(
                experimentSeed,
                "split",
                participant.node().value(),
                participant.dataset(),
                differByRound ? "" + round : "");
    }

    /** Order of samples, dropout and whatever else is drawn while training. */
    public static long training(long experimentSeed, Participant participant, int round) {
        return derive(experimentSeed, "training", participant.node().value(), participant.dataset(), "" + round);
    }

    /** Which participants a strategy draws in a round. */
    public static long selection(long experimentSeed, int round) {
        return derive(experimentSeed, "selection", "" + round);
    }

    private static long derive(long seed, String... parts) {
        var text = new StringBuilder("fedbiomed\n").append(seed);
        for (var part : parts) {
            text.append('\n').append(part);
        }
        var digest = Sha256.digest().digest(text.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
        return ByteBuffer.wrap(digest).getLong();
    }
}
