/**
 * Who a party is to another party: long-lived keys that the Network never sees, their fingerprints, and whom this party
 * trusts. The certificates of the transport are another thing, in {@code fedbiomed.protocol.transport}.
 */
@NullMarked
package fedbiomed.protocol.identity;

import org.jspecify.annotations.NullMarked;
