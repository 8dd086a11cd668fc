/**
 * What every node does to the inputs before training: imputation and standardisation, with the statistics that they
 * need. Reads tables; knows nothing of models or of other nodes.
 */
@NullMarked
package fedbiomed.data.preprocessing;

import org.jspecify.annotations.NullMarked;
