/**
 * What the parties say to each other, and how it is written: records, their JSON, and the signed envelope around it.
 * No transport here: a message does not know how it travels.
 */
@NullMarked
package fedbiomed.protocol.message;

import org.jspecify.annotations.NullMarked;
