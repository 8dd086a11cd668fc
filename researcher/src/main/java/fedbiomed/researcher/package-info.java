/**
 * The researcher's party: its home, its connection to the federation, and what the federation offers. Experiments, which
 * stand on it, live in {@code fedbiomed.researcher.experiment}. Nothing of the researcher may import a node.
 */
@NullMarked
package fedbiomed.researcher;

import org.jspecify.annotations.NullMarked;
