package fedbiomed.network.limit;

import fedbiomed.vocabulary.PartyId;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The open connections of one door. Each begins as a stranger's, counted by its address; once it has shown a
 * certificate it is its party's, and makes room among the strangers.
 */
public final class Connections {
    private final Limits limits;
    private final Map<InetAddress, Integer> strangersByAddress = new HashMap<>();
    private final Map<PartyId, Integer> byParty = new HashMap<>();
    private final LongAdder refused = new LongAdder();
    private int strangers;

    public Connections(Limits limits) {
        this.limits = limits;
    }

    /** One open connection. */
    public final class Held {
        private @Nullable InetAddress stranger;
        private @Nullable PartyId party;

        private Held(InetAddress address) {
            stranger = address;
        }

        /** It has shown this party's certificate. @return false where the party has too many: then it is to be closed */
        public boolean belongsTo(PartyId who) {
            synchronized (Connections.this) {
                if (stranger == null) {
                    return party != null;
                }
                if (byParty.getOrDefault(who, 0) >= limits.connections()) {
                    refused.increment();
                    return false;
                }
                leaveStrangers();
                party = who;
                byParty.merge(who, 1, Integer::sum);
                return true;
            }
        }

        /** It is closed; a second time says nothing new. */
        public void closed() {
            synchronized (Connections.this) {
                leaveStrangers();
                if (party != null) {
                    byParty.computeIfPresent(party, (_, count) -> count > 1 ? count - 1 : null);
                    party = null;
                }
            }
        }

        private void leaveStrangers() {
            if (stranger != null) {
                strangers--;
                strangersByAddress.computeIfPresent(stranger, (_, count) -> count > 1 ? count - 1 : null);
                stranger = null;
            }
        }
    }

    /** A connection was opened. @return null where there are too many: then it is to be closed, before any handshake */
    public synchronized @Nullable Held opened(InetAddress from) {
        if (strangers >= limits.strangers().connections()
                || strangersByAddress.getOrDefault(from, 0)
                        >= limits.strangers().connectionsPerAddress()) {
            refused.increment();
            return null;
        }
        strangers++;
        strangersByAddress.merge(from, 1, Integer::sum);
        return new Held(from);
    }

    /** How many were closed for being too many, so far. */
    public long refused() {
        return refused.sum();
    }
}
