/** The demo's processes, started, interrupted and killed. */
@NullMarked
package fedbiomed.cli.demo;

import org.jspecify.annotations.NullMarked;
