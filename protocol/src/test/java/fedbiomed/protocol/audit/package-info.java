@NullMarked
package fedbiomed.protocol.audit;

import org.jspecify.annotations.NullMarked;
