@NullMarked
package fedbiomed.node.policy;

import org.jspecify.annotations.NullMarked;
