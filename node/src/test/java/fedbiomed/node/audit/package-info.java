@NullMarked
package fedbiomed.node.audit;

import org.jspecify.annotations.NullMarked;
