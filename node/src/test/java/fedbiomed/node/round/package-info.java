@NullMarked
package fedbiomed.node.round;

import org.jspecify.annotations.NullMarked;
