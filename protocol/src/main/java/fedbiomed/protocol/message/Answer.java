package fedbiomed.protocol.message;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.util.List;

/** A reply and the ways to the entries that it names. */
public record Answer(Reply reply, List<SealedRef> enclosed) {
    public Answer {
        enclosed = List.copyOf(enclosed);
    }

    public Answer(Reply reply) {
        this(reply, List.of());
    }

    /** As {@link #find(List, ParametersRef)} in this answer. */
    public SealedRef sealed(ParametersRef ref) {
        return find(enclosed, ref);
    }

    /**
     * The way to {@code ref}.
     *
     * @throws FedbiomedException {@code PARAMETERS_UNAVAILABLE} if it was not enclosed
     */
    public static SealedRef find(List<SealedRef> enclosed, ParametersRef ref) {
        return enclosed.stream()
                .filter(entry -> entry.plain().equals(ref))
                .findFirst()
                .orElseThrow(() -> new FedbiomedException(
                        ErrorCode.PARAMETERS_UNAVAILABLE,
                        "the message names " + ref.sha256() + " with " + ref.sizeBytes()
                                + " bytes in the parameter store, but has no key to it; its sender encloses one"));
    }
}
