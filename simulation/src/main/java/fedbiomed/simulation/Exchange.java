package fedbiomed.simulation;

import fedbiomed.protocol.Presence;
import fedbiomed.protocol.identity.Identity;
import fedbiomed.protocol.identity.TrustedParties;
import fedbiomed.protocol.message.Envelope;
import fedbiomed.vocabulary.PartyId;
import java.time.Clock;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings messages from one party of a simulation to another, in memory: what the broker is in a real federation. */
final class Exchange {
    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    private final Clock clock;
    private final Map<PartyId, Endpoint> endpoints = new ConcurrentHashMap<>();
    private final SortedMap<PartyId, Presence> presence = new ConcurrentSkipListMap<>();

    Exchange(Clock clock) {
        this.clock = clock;
    }

    /** @param node whether its presence is told */
    Endpoint endpoint(Identity identity, TrustedParties trusted, boolean node) {
        return new Endpoint(this, identity, trusted, node, clock);
    }

    void join(Endpoint endpoint) {
        endpoints.put(endpoint.party(), endpoint);
    }

    void leave(Endpoint endpoint) {
        endpoints.remove(endpoint.party(), endpoint);
    }

    /** As a broker: what is for somebody who is not there is lost, and asked again. */
    void deliver(Envelope envelope) {
        var to = endpoints.get(envelope.header().to());
        if (to == null || !to.connected()) {
            LOG.debug("a message to {}, who is not there", envelope.header().to());
            return;
        }
        to.take(envelope);
    }

    void says(PartyId node, Presence now) {
        presence.put(node, now);
        endpoints.values().forEach(endpoint -> endpoint.presenceChanged(node, now));
    }

    /** A view. */
    SortedMap<PartyId, Presence> presence() {
        return Collections.unmodifiableSortedMap(presence);
    }
}
