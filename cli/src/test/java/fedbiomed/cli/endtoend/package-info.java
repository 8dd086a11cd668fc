/** What people type, over a real Network, a real node with real workers, and a researcher's home. */
@NullMarked
package fedbiomed.cli.endtoend;

import org.jspecify.annotations.NullMarked;
