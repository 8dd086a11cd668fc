package fedbiomed.protocol.mqtt;

import fedbiomed.protocol.Presence;
import fedbiomed.vocabulary.PartyId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who is there. What the broker has retained is believed only if it is of the Network's present epoch, since a Network
 * that was killed never published its nodes' last wills; and not for ever, since a node says again that it is there: one
 * that was revoked at a broker which keeps its connection can say neither that nor good-bye.
 */
final class PresenceBoard {
    /** How long a node's word counts; it may miss two of its turns. */
    static final Duration BELIEVED =
            PresenceAnnouncer.PRESENCE_AGAIN.multipliedBy(3).plusSeconds(10);

    private final LongSupplier nanoTime;
    private final SortedMap<PartyId, Heard> said = new TreeMap<>();
    private final List<BiConsumer<PartyId, Presence>> listeners = new ArrayList<>();
    private @Nullable String epoch;

    private record Heard(Presence presence, long nanos) {}

    PresenceBoard(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

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
        Presence effective;
        synchronized (this) {
            var heard = new Heard(presence, nanoTime.getAsLong());
            said.put(party, heard);
            effective = effective(heard);
        }
        tell(party, effective);
    }

    synchronized SortedMap<PartyId, Presence> effective() {
        var result = new TreeMap<PartyId, Presence>();
        said.forEach((party, heard) -> result.put(party, effective(heard)));
        return result;
    }

    synchronized boolean online(PartyId party) {
        var heard = said.get(party);
        return heard != null && isThere(heard);
    }

    private synchronized Presence effective(Heard heard) {
        var presence = heard.presence();
        return new Presence(isThere(heard), presence.epoch(), presence.keys());
    }

    private boolean isThere(Heard heard) {
        var presence = heard.presence();
        return presence.online()
                && (epoch == null || epoch.equals(presence.epoch()))
                && nanoTime.getAsLong() - heard.nanos() < BELIEVED.toNanos();
    }

    private void tell(PartyId party, Presence presence) {
        List<BiConsumer<PartyId, Presence>> all;
        synchronized (this) {
            all = List.copyOf(listeners);
        }
        all.forEach(listener -> listener.accept(party, presence));
    }
}
