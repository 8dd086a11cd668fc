/** The Network: embedded broker, parameter store, enrolment. Knows nothing of training, and reads no message. */
@NullMarked
package fedbiomed.network;

import org.jspecify.annotations.NullMarked;
