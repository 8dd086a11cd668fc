/**
 * Work on requests: the queue, the checks that come before, the worker processes that run the plans, and the answers on
 * their way back. It knows no broker: messages come in and go out through what it is handed.
 */
@NullMarked
package fedbiomed.node.round;

import org.jspecify.annotations.NullMarked;
