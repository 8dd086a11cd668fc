/** Every reader of binary or foreign formats under a fuzzer that is guided by coverage. */
@NullMarked
package fedbiomed.data.fuzz;

import org.jspecify.annotations.NullMarked;
