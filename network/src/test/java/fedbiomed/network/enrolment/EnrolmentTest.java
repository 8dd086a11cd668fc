package fedbiomed.network.enrolment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.network.TestFederation;
import fedbiomed.protocol.transport.EnrolmentClient;
import fedbiomed.protocol.transport.FederationAddress;
import fedbiomed.protocol.transport.Invitation;
import fedbiomed.protocol.transport.TransportIdentity;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Role;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EnrolmentTest {
    private static final Clock CLOCK = Clock.systemUTC();

    private Path folder;
    private TestFederation federation;

    @BeforeAll
    void start(@TempDir Path folder) {
        this.folder = folder;
        federation = new TestFederation(folder);
    }

    @AfterAll
    void stop() {
        federation.close();
    }

    private Invitation invite(String name) {
        return federation.network().invite(Role.NODE, PartyId.of(name));
    }

    @Test
    void aTokenTypedOnAnotherMachineEnrolsWhomItNames() {
        var token = invite("node-1").token();
        var identity = EnrolmentClient.enrol(Invitation.parse(token, CLOCK), folder.resolve("node-1"), CLOCK);
        assertThat(identity.party()).isEqualTo(PartyId.of("node-1"));
        assertThat(identity.role()).isEqualTo(Role.NODE);
        assertThat(TransportIdentity.load(folder.resolve("node-1")).certificate())
                .isEqualTo(identity.certificate());
        assertThat(FederationAddress.load(folder.resolve("node-1")))
                .isEqualTo(federation.network().address());
        assertThat(federation.network().parties())
                .anyMatch(p -> p.party().equals(PartyId.of("node-1")) && p.revokedAt() == null);
    }

    @Test
    void anInvitationIsGoodOnce() {
        var invitation = invite("once");
        EnrolmentClient.enrol(invitation, folder.resolve("once"), CLOCK);
        assertThatThrownBy(() -> EnrolmentClient.enrol(invitation, folder.resolve("twice"), CLOCK))
                .isInstanceOf(FedbiomedException.class)
                .hasMessageContaining("used already");
        assertThat(TransportIdentity.exists(folder.resolve("twice"))).isFalse();
    }

    @Test
    void anExpiredInvitationIsRefusedByBothEnds() {
        var brief = federation.network().invite(Role.NODE, PartyId.of("brief"), Duration.ZERO);
        assertThatThrownBy(() -> EnrolmentClient.enrol(brief, folder.resolve("brief"), CLOCK))
                .hasMessageContaining("expired");
        var forged = new Invitation(
                brief.host(),
                brief.storePort(),
                brief.caFingerprint(),
                brief.role(),
                brief.party(),
                brief.secret(),
                CLOCK.instant().plusSeconds(3600));
        assertThatThrownBy(() -> EnrolmentClient.enrol(forged, folder.resolve("brief"), CLOCK))
                .hasMessageContaining("has expired");
    }

    @Test
    void aWrongSecretIsRefused() {
        var right = invite("guesser");
        var wrong = new Invitation(
                right.host(),
                right.storePort(),
                right.caFingerprint(),
                right.role(),
                right.party(),
                "A".repeat(43),
                right.expires());
        assertThatThrownBy(() -> EnrolmentClient.enrol(wrong, folder.resolve("guesser"), CLOCK))
                .hasMessageContaining("no such invitation");
    }

    @Test
    void aServerOfAnotherCaIsRefusedBeforeTheSecretIsSent() {
        var right = invite("pinned");
        var wrong = new Invitation(
                right.host(),
                right.storePort(),
                "00".repeat(32),
                right.role(),
                right.party(),
                right.secret(),
                right.expires());
        assertThatThrownBy(() -> EnrolmentClient.enrol(wrong, folder.resolve("pinned"), CLOCK))
                .hasMessageContaining("do not enrol")
                .extracting(e -> ((FedbiomedException) e).code())
                .isEqualTo(ErrorCode.UNTRUSTED_SENDER);
        EnrolmentClient.enrol(right, folder.resolve("pinned"), CLOCK);
    }

    @Test
    void aPartyIsNeverBothNodeAndResearcher() {
        EnrolmentClient.enrol(invite("either"), folder.resolve("either"), CLOCK);
        assertThatThrownBy(() -> federation.network().invite(Role.RESEARCHER, PartyId.of("either")))
                .hasMessageContaining("already a node");
    }

    @Test
    void enrollingAgainEndsTheOldCertificateAndRenewingDoesNot() throws Exception {
        var first = EnrolmentClient.enrol(invite("again"), folder.resolve("again"), CLOCK);
        var renewed = EnrolmentClient.renew(folder.resolve("again"), first);
        assertThat(renewed.certificate().getSerialNumber())
                .isNotEqualTo(first.certificate().getSerialNumber());
        assertThat(metrics(first)).isEqualTo(200);
        assertThat(metrics(renewed)).isEqualTo(200);
        var later = Clock.offset(CLOCK, Duration.ofDays(70));
        assertThat(EnrolmentClient.renewIfDue(folder.resolve("again"), CLOCK).certificate())
                .isEqualTo(renewed.certificate());
        assertThat(EnrolmentClient.renewIfDue(folder.resolve("again"), later).certificate())
                .isNotEqualTo(renewed.certificate());
        var second = EnrolmentClient.enrol(invite("again"), folder.resolve("again"), CLOCK);
        assertThat(metrics(first)).isEqualTo(403);
        assertThat(metrics(renewed)).isEqualTo(403);
        assertThat(metrics(second)).isEqualTo(200);
        federation.network().revoke(PartyId.of("again"));
        assertThat(metrics(second)).isEqualTo(403);
        assertThatThrownBy(() -> EnrolmentClient.renew(folder.resolve("again"), second))
                .hasMessageContaining("revoked");
    }

    private int metrics(TransportIdentity identity) throws Exception {
        try (var client = identity.httpClient().build()) {
            return client.send(
                            HttpRequest.newBuilder(federation
                                            .network()
                                            .address()
                                            .store()
                                            .resolve("/metrics"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .statusCode();
        }
    }

    @Test
    void rubbishIsAnsweredWithWhatToDo() throws Exception {
        var trusting = federation.enrol(Role.NODE, "rubbish");
        try (var client = HttpClient.newBuilder()
                .sslContext(TransportIdentity.context(trusting.keyManagerFactory(), trusting.trustManagerFactory()))
                .build()) {
            for (var body : new String[] {
                "",
                "null",
                "[]",
                "{",
                "{\"secret\": \"x\"}",
                "{\"secret\":\"x\",\"certificate_request\":\"y\"}",
                "x".repeat(100_000)
            }) {
                var answer = client.send(
                        HttpRequest.newBuilder(
                                        federation.network().address().store().resolve("/v1/enrol"))
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                assertThat(answer.statusCode()).as(body).isIn(400, 413);
                assertThat(answer.body()).contains("\"code\"", "\"text\"", "\"what_to_do\"");
            }
        }
    }
}
