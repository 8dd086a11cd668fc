/** Many nodes and a researcher in one JVM, for research and tests. Filled by a later issue. */
@NullMarked
package fedbiomed.simulation;

import org.jspecify.annotations.NullMarked;
