/** The data manager's own YAML files: what is wrong with one is told with its line. Knows nothing of what they mean. */
@NullMarked
package fedbiomed.node.yaml;

import org.jspecify.annotations.NullMarked;
