/**
 * What a model is on the wire and on disk: an ordered map of named tensors, safetensors files, vector arithmetic over
 * such files. Start at {@link fedbiomed.parameters.Safetensors}. Knows nothing of training or of the network.
 */
@NullMarked
package fedbiomed.parameters;

import org.jspecify.annotations.NullMarked;
