/** The federation over MQTT 5: connection and reconnection, topics, presence. Knows messages only as signed envelopes. */
@NullMarked
package fedbiomed.protocol.mqtt;

import org.jspecify.annotations.NullMarked;
