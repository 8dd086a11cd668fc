/**
 * Who a party is to the Network: its certificate, how it got it, and where the Network is. Mutual TLS stands on this;
 * what parties sign and seal for one another does not.
 */
@NullMarked
package fedbiomed.protocol.transport;

import org.jspecify.annotations.NullMarked;
