/**
 * Loading plans: under which names and values a node's data take part in a federation. They know neither files nor
 * readers, which apply them.
 */
@NullMarked
package fedbiomed.data.loading;

import org.jspecify.annotations.NullMarked;
