@NullMarked
package fedbiomed.data.tabular;

import org.jspecify.annotations.NullMarked;
