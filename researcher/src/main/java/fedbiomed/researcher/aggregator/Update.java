package fedbiomed.researcher.aggregator;

import fedbiomed.vocabulary.Participant;
import java.nio.file.Path;

/**
 * A participant's trained parameters.
 *
 * @param file safetensors
 * @param samples training rows behind it
 * @param updates optimizer steps made
 */
public record Update(Participant participant, Path file, long samples, long updates) {
    public Update {
        if (samples < 0 || updates < 0) {
            throw new IllegalArgumentException(
                    "samples and updates are counts, not " + samples + " and " + updates + " (" + participant + ")");
        }
    }
}
