/** Datasets of arrays of any shape, kept in one safetensors file. Reads; knows nothing of models. */
@NullMarked
package fedbiomed.data.tensors;

import org.jspecify.annotations.NullMarked;
