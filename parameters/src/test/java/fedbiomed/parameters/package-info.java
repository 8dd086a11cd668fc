@NullMarked
package fedbiomed.parameters;

import org.jspecify.annotations.NullMarked;
