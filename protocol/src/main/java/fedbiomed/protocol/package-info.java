/** What the parties say to each other: messages, identity, the MQTT and parameter-store clients. Knows nothing of training. */
@NullMarked
package fedbiomed.protocol;

import org.jspecify.annotations.NullMarked;
