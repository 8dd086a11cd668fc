@NullMarked
package fedbiomed.node.registry;

import org.jspecify.annotations.NullMarked;
