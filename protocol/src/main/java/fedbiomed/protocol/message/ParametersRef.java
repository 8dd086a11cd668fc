package fedbiomed.protocol.message;

import fedbiomed.vocabulary.Sha256;

/**
 * Parameters in the store, named by content.
 *
 * @param sha256 of the plain safetensors file
 * @param sizeBytes its length
 */
public record ParametersRef(String sha256, long sizeBytes) {
    public ParametersRef {
        Sha256.require("a parameters reference", sha256);
        if (sizeBytes < 0) {
            throw new IllegalArgumentException("a size in bytes is not negative: " + sizeBytes);
        }
    }
}
