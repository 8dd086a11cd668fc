package fedbiomed.benchmarks;

import fedbiomed.protocol.Outgoing;
import fedbiomed.protocol.Received;
import fedbiomed.protocol.identity.Fingerprint;
import fedbiomed.protocol.identity.Identity;
import fedbiomed.protocol.identity.TrustState;
import fedbiomed.protocol.identity.TrustedParties;
import fedbiomed.protocol.message.MessageCodec;
import fedbiomed.protocol.message.Reply;
import fedbiomed.protocol.message.Request;
import fedbiomed.protocol.mqtt.MqttFederation;
import fedbiomed.protocol.store.ParameterStoreClient;
import fedbiomed.protocol.transport.FederationAddress;
import fedbiomed.protocol.transport.TransportIdentity;
import fedbiomed.vocabulary.ColumnDescription;
import fedbiomed.vocabulary.DatasetDescription;
import fedbiomed.vocabulary.PartyId;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.SortedSet;

/**
 * A node as the Network sees one that is idle: a connection of its own over mutual TLS, presence, signed and sealed answers
 * to searches. It has no state, no journal and no audit log: ten thousand of those are no one machine's.
 */
final class IdleParty implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration ANSWER_LIFETIME = Duration.ofMinutes(10);
    private static final Clock CLOCK = Clock.systemUTC();

    private final MqttFederation federation;
    private final DatasetDescription offered;

    IdleParty(
            Path home,
            PartyId researcher,
            Fingerprint fingerprint,
            SortedSet<String> tags,
            List<ColumnDescription> columns,
            long rows) {
        var identity = Identity.load(home);
        var transport = TransportIdentity.load(home);
        var address = FederationAddress.load(home);
        var trusted = TrustedParties.inMemory(CLOCK);
        trusted.trust(researcher, fingerprint);
        federation = new MqttFederation(identity, trusted, transport, address, () -> epoch(transport, address), CLOCK);
        federation.onMessage(this::answer);
        offered = new DatasetDescription(
                "rows-" + identity.party(),
                "rows",
                "csv",
                tags,
                "",
                List.of(rows, (long) columns.size()),
                columns,
                "0".repeat(64));
    }

    /** Asked for by each, over a connection that is closed at once. */
    private static String epoch(TransportIdentity transport, FederationAddress address) {
        try (var store = new ParameterStoreClient(transport, address, PATIENCE)) {
            return store.epoch();
        }
    }

    private void answer(Received received) {
        if (received.trust() == TrustState.TRUSTED
                && received.message() instanceof Request.Search search
                && offered.tags().containsAll(search.tags())) {
            var reply = new Reply.Datasets(received.id(), List.of(offered));
            federation.send(
                    new Outgoing(received.from(), MessageCodec.encode(reply)).sealedFor(received.keys()),
                    CLOCK.instant().plus(ANSWER_LIFETIME));
        }
    }

    void open() {
        federation.open();
    }

    boolean awaitConnected(Duration patience) throws InterruptedException {
        return federation.awaitConnected(patience.toMillis());
    }

    @Override
    public void close() {
        federation.close();
    }
}
