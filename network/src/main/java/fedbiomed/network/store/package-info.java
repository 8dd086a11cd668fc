/** The parameter store: entries in a folder and the REST interface over them. Reads no entry. */
@NullMarked
package fedbiomed.network.store;

import org.jspecify.annotations.NullMarked;
