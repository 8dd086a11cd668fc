/** The client of the Network's parameter store: streaming, hash-checked, retrying, resumable. */
@NullMarked
package fedbiomed.protocol.store;

import org.jspecify.annotations.NullMarked;
