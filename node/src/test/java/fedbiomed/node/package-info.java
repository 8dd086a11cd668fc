@NullMarked
package fedbiomed.node;

import org.jspecify.annotations.NullMarked;
