package fedbiomed.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.protocol.audit.AuditEvent;
import fedbiomed.protocol.audit.AuditKind;
import fedbiomed.protocol.audit.AuditLog;
import fedbiomed.protocol.audit.NetworkWitness;
import fedbiomed.protocol.message.AuditHead;
import fedbiomed.protocol.store.ParameterStoreClient;
import fedbiomed.protocol.store.SealedEntry;
import fedbiomed.protocol.store.TransferProgress;
import fedbiomed.protocol.transport.EnrolmentClient;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Role;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a real Network leaves in its audit log, and who notices that it was cut. */
@Timeout(300)
class NetworkAuditTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    private AuditLog log() {
        return AuditLog.ofNetwork(folder.resolve("network"), Clock.systemUTC());
    }

    private List<AuditEvent> events() {
        var events = new ArrayList<AuditEvent>();
        log().lines().forEach(line -> events.add(line.event()));
        return events;
    }

    private AuditEvent last(AuditKind kind) {
        return events().stream().filter(event -> event.kind() == kind).toList().getLast();
    }

    @Test
    void enrolmentsConnectionsEntriesAndDecisionsAreInTheLog() throws Exception {
        var refusedInvitation = new ArrayList<String>();
        try (var federation = new TestFederation(folder)) {
            var invitation = federation.network().invite(Role.RESEARCHER, PartyId.of("ana"));
            refusedInvitation.add(invitation.secret());
            var ana = EnrolmentClient.enrol(invitation, federation.home("ana"), Clock.systemUTC());
            assertThat(last(AuditKind.INVITATION_MADE).operator()).isEqualTo(System.getProperty("user.name"));
            assertThat(last(AuditKind.PARTY_ENROLLED).certificate())
                    .isEqualTo(ana.certificate().getSerialNumber().toString(16));
            for (int i = 0; i < 20; i++) {
                var again = folder.resolve("again-" + i);
                assertThatThrownBy(() -> EnrolmentClient.enrol(invitation, again, Clock.systemUTC()))
                        .isInstanceOf(FedbiomedException.class);
            }
            var node = federation.enrol(Role.NODE, "node-a");
            var client = federation.mqtt(ana);
            client.connect();
            client.disconnect();
            assertThat(last(AuditKind.CONNECTION_ACCEPTED)).satisfies(event -> {
                assertThat(event.party()).isEqualTo("ana");
                assertThat(event.role()).isEqualTo("researcher");
            });

            var model = Files.write(folder.resolve("model"), new byte[70_000]);
            var entry = SealedEntry.of(model, folder.resolve("model.sealed"));
            try (var sender = new ParameterStoreClient(ana, federation.network().address(), PATIENCE);
                    var reader =
                            new ParameterStoreClient(node, federation.network().address(), PATIENCE)) {
                sender.upload(entry, List.of(node.party()), TransferProgress.NONE);
                reader.download(entry.ref(), folder.resolve("copy"), TransferProgress.NONE);
                sender.delete(entry.ref());
            }
            assertThat(last(AuditKind.ENTRY_STORED)).satisfies(event -> {
                assertThat(event.party()).isEqualTo("ana");
                assertThat(event.recipients()).isEqualTo("node-a");
                assertThat(event.entry()).isEqualTo(entry.ref().entry());
                assertThat(event.bytesIn()).isEqualTo(entry.stored().sizeBytes());
            });
            assertThat(last(AuditKind.ENTRY_READ)).satisfies(event -> {
                assertThat(event.party()).isEqualTo("node-a");
                assertThat(event.bytesOut()).isEqualTo(entry.stored().sizeBytes());
            });
            assertThat(federation.network().revoke(node.party())).isTrue();
            assertThatThrownBy(() -> federation.mqtt(node).connect()).isInstanceOf(RuntimeException.class);
            assertThat(last(AuditKind.CONNECTION_REFUSED).party()).isEqualTo("node-a");
        }
        var events = events();
        assertThat(events.stream().map(AuditEvent::kind))
                .startsWith(AuditKind.NETWORK_STARTED)
                .endsWith(AuditKind.NETWORK_STOPPED)
                .containsSubsequence(
                        AuditKind.PARTY_ENROLLED,
                        AuditKind.ENROLMENT_REFUSED,
                        AuditKind.ENTRY_STORED,
                        AuditKind.ENTRY_READ,
                        AuditKind.ENTRY_DELETED,
                        AuditKind.PARTY_REVOKED);
        var refusals = events.stream()
                .filter(event -> event.kind() == AuditKind.ENROLMENT_REFUSED)
                .toList();
        assertThat(refusals).as("a line, and one for all the others").hasSize(2);
        assertThat(refusals.getLast().count()).isEqualTo(19);
        assertThat(events.getFirst().config()).hasSize(64);
        assertThat(log().verify(AuditHead.EMPTY).fault()).isNull();
        assertThat(Files.readString(folder.resolve("network").resolve(AuditLog.FILE)))
                .doesNotContain("127.0.0.1", "localhost", folder.toString(), refusedInvitation.getFirst());
    }

    @Test
    void aPartyNoticesThatTheNetworksLogWentBack() throws Exception {
        var witness = new NetworkWitness(folder.resolve("ana"));
        try (var federation = new TestFederation(folder)) {
            var ana = federation.enrol(Role.RESEARCHER, "ana");
            var file = folder.resolve("network").resolve(AuditLog.FILE);
            try (var store = new ParameterStoreClient(ana, federation.network().address(), PATIENCE)) {
                store.witnessedBy(witness);
                store.health();
                var first = Objects.requireNonNull(witness.seen());
                assertThat(first.signed().head()).isEqualTo(log().head().toString());
                assertThat(first.certificate()).contains("BEGIN CERTIFICATE");

                federation.network().invite(Role.NODE, PartyId.of("node-a"));
                store.health();
                var second = Objects.requireNonNull(witness.seen());
                assertThat(second.alarm()).isEmpty();
                assertThat(second.signed().head()).isEqualTo(log().head().toString());

                var lines = Files.readAllLines(file);
                Files.writeString(file, String.join("\n", lines.subList(0, lines.size() - 1)) + "\n");
                store.health();
                var cut = Objects.requireNonNull(witness.seen());
                assertThat(cut.alarm()).contains("CUT OR WRITTEN ANEW", "network audit verify --head");
                assertThat(cut.signed()).as("the proof is kept").isEqualTo(second.signed());
                assertThat(log().verify(AuditHead.parse(second.signed().head())).fault())
                        .isNotNull();
            }
        }
    }

    @Test
    void aNetworkThatCannotRecordEnrolsNobodyButRevokes() throws Exception {
        try (var federation = new TestFederation(folder)) {
            federation.enrol(Role.NODE, "node-a");
            var invitation = federation.network().invite(Role.NODE, PartyId.of("node-b"));
            var file = folder.resolve("network").resolve(AuditLog.FILE);
            var whole = Files.readString(file);
            Files.writeString(file, whole.replace("\"kind\":\"invitation_made\"", "\"kind\":\"party_enrolled\""));
            assertThatThrownBy(() -> EnrolmentClient.enrol(invitation, federation.home("node-b"), Clock.systemUTC()))
                    .isInstanceOf(FedbiomedException.class);
            assertThat(federation.network().revoke(PartyId.of("node-a"))).isTrue();
            Files.writeString(file, whole);
            EnrolmentClient.enrol(invitation, federation.home("node-b"), Clock.systemUTC());
            assertThat(events().stream().map(AuditEvent::kind))
                    .containsSubsequence(AuditKind.PARTY_REVOKED, AuditKind.PARTY_ENROLLED);
            assertThat(last(AuditKind.PARTY_REVOKED).occurred()).isNotNull();
        }
    }
}
