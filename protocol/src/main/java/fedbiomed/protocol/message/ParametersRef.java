package fedbiomed.protocol.message;

import fedbiomed.vocabulary.Attachment;
import fedbiomed.vocabulary.Sha256;

/**
 * Parameters, or a plan's attachment, in the store, named by content.
 *
 * @param sha256 of the plain file
 * @param sizeBytes its length
 */
public record ParametersRef(String sha256, long sizeBytes) {
    /** Where an attachment is found. */
    public static ParametersRef to(Attachment attachment) {
        return new ParametersRef(attachment.sha256(), attachment.sizeBytes());
    }

    public ParametersRef {
        Sha256.require("a parameters reference", sha256);
        if (sizeBytes < 0) {
            throw new IllegalArgumentException("a size in bytes is not negative: " + sizeBytes);
        }
    }
}
