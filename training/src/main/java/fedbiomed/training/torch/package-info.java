/**
 * Neural networks on PyTorch, for plans that begin with {@code import fedbiomed.training.torch.*;}. The only place that
 * may touch the native library; no type of it stands in a signature that a plan sees.
 */
@NullMarked
package fedbiomed.training.torch;

import org.jspecify.annotations.NullMarked;
