/**
 * What is done with gradients between an engine that computes them and the optimizer that uses them: the corrections of
 * federated algorithms (FedProx, SCAFFOLD, FedDyn) and chains of modules (momentum, Adam, clipping, ...). Knows no
 * engine and no library but {@code parameters}.
 */
@NullMarked
package fedbiomed.training.optimizer;

import org.jspecify.annotations.NullMarked;
