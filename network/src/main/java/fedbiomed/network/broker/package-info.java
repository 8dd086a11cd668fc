/** MQTT: the embedded broker, who may publish and read which topic, and the same rules for Mosquitto. Reads no message. */
@NullMarked
package fedbiomed.network.broker;

import org.jspecify.annotations.NullMarked;
