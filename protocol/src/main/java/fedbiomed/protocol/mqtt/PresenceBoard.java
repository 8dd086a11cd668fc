package fedbiomed.protocol.mqtt;

import fedbiomed.protocol.Presence;
import fedbiomed.vocabulary.PartyId;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Who is there. What the broker has retained is believed only if it is of the Network's present epoch: a Network that
 * was killed never published its nodes' last wills.
 */
final class PresenceBoard {
    private final SortedMap<PartyId, Presence> said = new TreeMap<>();
    private final List<BiConsumer<PartyId, Presence>> listeners = new ArrayList<>();
    private @Nullable String epoch;

    synchronized void onChange(BiConsumer<PartyId, Presence> listener) {
        listeners.add(listener);
    }

    void epochIs(String current) {
        SortedMap<PartyId, Presence> before;
        synchronized (this) {
            if (current.equals(epoch)) {
                return;
            }
            before = effective();
            epoch = current;
        }
        effective().forEach((party, presence) -> {
            if (!presence.equals(before.get(party))) {
                tell(party, presence);
            }
        });
    }

    void says(PartyId party, Presence presence) {
        synchronized (this) {
            said.put(party, presence);
        }
        tell(party, effective(presence));
    }

    synchronized SortedMap<PartyId, Presence> effective() {
        var result = new TreeMap<PartyId, Presence>();
        said.forEach((party, presence) -> result.put(party, effective(presence)));
        return result;
    }

    private synchronized Presence effective(Presence presence) {
        var current = presence.online() && (epoch == null || epoch.equals(presence.epoch()));
        return new Presence(current, presence.epoch(), presence.keys());
    }

    private void tell(PartyId party, Presence presence) {
        List<BiConsumer<PartyId, Presence>> all;
        synchronized (this) {
            all = List.copyOf(listeners);
        }
        all.forEach(listener -> listener.accept(party, presence));
    }
}
