/** How much of the Network one party, or one stranger, may take: connections and rates. Knows no protocol. */
@NullMarked
package fedbiomed.network.limit;

import org.jspecify.annotations.NullMarked;
