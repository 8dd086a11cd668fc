@NullMarked
package fedbiomed.node.state;

import org.jspecify.annotations.NullMarked;
