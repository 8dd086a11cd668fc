package fedbiomed.researcher.strategy;

import fedbiomed.vocabulary.Text;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What becomes of a round whose answers do not reach the quorum, once nobody may answer any more. */
public enum TooFew {
    /** The experiment stops; what has come is kept, and resuming asks the same participants again. */
    FAIL,
    /** Goes on with those that came, if it is one at least; else as {@link #FAIL}. */
    GO_ON,
    /** Asks those who have not answered again, so many times; then as {@link #FAIL}. */
    REPEAT,
    /** The model stays as it is, and the next round begins; the answers are thrown away. */
    SKIP;

    /** As {@code experiment.yaml} writes it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static TooFew of(String text) {
        return Arrays.stream(values())
                .filter(value -> value.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("strategy.too_few is one of "
                        + Arrays.stream(values()).map(TooFew::text).collect(Collectors.joining(", ")) + ", not '"
                        + Text.shown(text) + "'"));
    }
}
