package fedbiomed.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.protocol.transport.CertifiedParty;
import fedbiomed.protocol.transport.EnrolmentClient;
import fedbiomed.protocol.transport.EnrolmentClient.EnrolReply;
import fedbiomed.protocol.transport.EnrolmentClient.EnrolRequest;
import fedbiomed.protocol.transport.EnrolmentClient.RenewRequest;
import fedbiomed.protocol.transport.Invitation;
import fedbiomed.protocol.transport.Pem;
import fedbiomed.protocol.transport.TransportIdentity;
import fedbiomed.vocabulary.Json;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Role;
import fedbiomed.vocabulary.Sha256;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A node and a researcher with valid certificates at the store's door: they try entries that are not theirs, others'
 * names and others' invitations. What they try at the broker is in the tests of each broker. After each attempt the
 * victims' entries are as they were.
 */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // before all
class HostilePartyTest {
    private static final Clock CLOCK = Clock.systemUTC();
    private static final String TO = "Fedbiomed-Recipients";
    private static final byte[] ENTRY = bytes(1, 50_000);
    private static final byte[] UNFINISHED = bytes(2, 50_000);
    private static final int HELD = 20_000;
    private static final String HASH = Sha256.of(ENTRY);
    private static final String PART = Sha256.of(UNFINISHED);
    private static final String PARAMETERS = "/v1/parameters/";

    private TestFederation federation;
    private TransportIdentity nodeB;
    private HttpClient alice;
    private HttpClient nodeA;
    private HttpClient hostileNode;
    private HttpClient hostileResearcher;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        federation = new TestFederation(folder);
        alice = federation.enrol(Role.RESEARCHER, "alice").httpClient().build();
        nodeA = federation.enrol(Role.NODE, "node-a").httpClient().build();
        nodeB = federation.enrol(Role.NODE, "node-b");
        hostileNode = nodeB.httpClient().build();
        hostileResearcher =
                federation.enrol(Role.RESEARCHER, "bob").httpClient().build();
        assertThat(send(alice, "PUT", PARAMETERS + HASH, ENTRY, TO, "node-a").statusCode())
                .isEqualTo(201);
        assertThat(send(
                                alice,
                                "PUT",
                                PARAMETERS + PART,
                                Arrays.copyOf(UNFINISHED, HELD),
                                TO,
                                "node-a",
                                "Content-Range",
                                "bytes 0-19999/50000")
                        .statusCode())
                .isEqualTo(202);
    }

    @AfterAll
    void stop() {
        for (var client : new HttpClient[] {alice, nodeA, hostileNode, hostileResearcher}) {
            client.shutdownNow();
        }
        federation.close();
    }

    private static byte[] bytes(int seed, int length) {
        var bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private HttpResponse<byte[]> send(HttpClient client, String method, String path, byte[] body, String... headers)
            throws Exception {
        BodyPublisher publisher = body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body);
        var request = HttpRequest.newBuilder(
                        federation.network().address().store().resolve(path))
                // a refusal comes before the body
                .expectContinue(body.length > 0)
                .method(method, publisher);
        return client.send(
                (headers.length == 0 ? request : request.headers(headers)).build(), BodyHandlers.ofByteArray());
    }

    record Attempt(String what, int status, String method, String path, byte[] body, String... headers) {
        @Override
        public String toString() {
            return what;
        }
    }

    static Stream<Attempt> attempts() {
        var none = new byte[0];
        var entry = PARAMETERS + HASH;
        var part = PARAMETERS + PART;
        var rest = Arrays.copyOfRange(UNFINISHED, HELD, UNFINISHED.length);
        var other = bytes(3, ENTRY.length);
        return Stream.of(
                new Attempt("reads an entry", 404, "GET", entry, none),
                new Attempt("asks for an entry's size", 404, "HEAD", entry, none),
                new Attempt("reads a range", 404, "GET", entry, none, "Range", "bytes=0-9"),
                new Attempt("reads the end", 404, "GET", entry, none, "Range", "bytes=-1"),
                new Attempt("reads with a name of its choice", 404, "GET", entry, none, "Fedbiomed-Party", "node-a"),
                new Attempt("reads by the name of a query", 404, "GET", entry + "?party=node-a", none),
                new Attempt("deletes an entry", 404, "DELETE", entry, none),
                new Attempt(
                        "adds itself to the recipients by the hash alone",
                        404,
                        "PUT",
                        entry,
                        none,
                        TO,
                        "node-b,bob",
                        "Content-Range",
                        "bytes */50000"),
                new Attempt("overwrites an entry", 422, "PUT", entry, other, TO, "node-a,node-b,bob"),
                new Attempt("overwrites it with nothing", 422, "PUT", entry, none, TO, "node-a"),
                new Attempt(
                        "asks how far another's upload is", 404, "HEAD", part, none, "Content-Range", "bytes */50000"),
                new Attempt("reads what is there of an upload", 404, "GET", part, none),
                new Attempt("deletes an upload", 404, "DELETE", part, none),
                new Attempt(
                        "goes on with another's upload",
                        409,
                        "PUT",
                        part,
                        rest,
                        TO,
                        "node-b,bob",
                        "Content-Range",
                        "bytes 20000-49999/50000"),
                new Attempt("spoils another's upload", 422, "PUT", part, other, TO, "node-a"),
                new Attempt("lists the entries", 404, "GET", PARAMETERS, none),
                new Attempt("lists the entries without a slash", 404, "GET", "/v1/parameters", none),
                new Attempt("goes up the folders", 400, "GET", "/v1/parameters/..%2f..%2fca-key.pem", none),
                new Attempt("names no hash", 400, "GET", PARAMETERS + "ca-key.pem", none),
                new Attempt(
                        "names it in capitals", 400, "GET", PARAMETERS + HASH.toUpperCase(java.util.Locale.ROOT), none),
                new Attempt("another method", 404, "POST", entry, none),
                new Attempt("lists the parties", 404, "GET", "/v1/parties", none),
                new Attempt("revokes a party", 404, "DELETE", "/v1/parties/node-a", none),
                new Attempt("invites a party", 404, "POST", "/v1/invite", none),
                new Attempt("revokes", 404, "POST", "/v1/revoke", none),
                new Attempt("administers", 404, "GET", "/admin", none),
                new Attempt("manages the broker", 404, "GET", "/console", none),
                new Attempt("reads the home", 404, "GET", "/config.yaml", none));
    }

    @ParameterizedTest
    @MethodSource("attempts")
    void theStoreRefusesAndTheVictimsEntriesStay(Attempt attempt) throws Exception {
        for (var hostile : List.of(hostileNode, hostileResearcher)) {
            var answer = send(hostile, attempt.method(), attempt.path(), attempt.body(), attempt.headers());
            assertThat(answer.statusCode()).isEqualTo(attempt.status());
            // no size, no offset, no byte of it: a refusal does not tell that there is such an entry
            assertThat(answer.headers().firstValue("Upload-Offset")).isEmpty();
            assertThat(new String(answer.body())).doesNotContain("alice", "node-a", "/store/");
        }
        victimsEntriesAreAsTheyWere();
    }

    private void victimsEntriesAreAsTheyWere() throws Exception {
        assertThat(send(nodeA, "GET", PARAMETERS + HASH, new byte[0]).body()).isEqualTo(ENTRY);
        assertThat(send(alice, "HEAD", PARAMETERS + PART, new byte[0]).headers().firstValueAsLong("Upload-Offset"))
                .hasValue(HELD);
    }

    /** What an entry that is not there gets as an answer, one that is there gets too. */
    @Test
    void aRefusalDoesNotTellWhetherAnEntryIsThere() throws Exception {
        for (var method : List.of("GET", "DELETE")) {
            assertThat(send(hostileNode, method, PARAMETERS + HASH, new byte[0]).body())
                    .isEqualTo(send(hostileNode, method, PARAMETERS + Sha256.of("nothing"), new byte[0])
                            .body());
        }
    }

    /** A recipient reads: it neither takes the entry away from the others nor lets a third party read the sender's. */
    @Test
    void aRecipientMayOnlyRead() throws Exception {
        var body = bytes(4, 1_000);
        var path = PARAMETERS + Sha256.of(body);
        send(alice, "PUT", path, body, TO, "node-a,node-b");
        assertThat(send(hostileNode, "GET", path, new byte[0]).body()).isEqualTo(body);
        assertThat(send(hostileNode, "DELETE", path, new byte[0]).statusCode()).isEqualTo(404);
        assertThat(send(hostileNode, "PUT", path, new byte[0], TO, "bob", "Content-Range", "bytes */1000")
                        .statusCode())
                .isEqualTo(404);
        assertThat(send(hostileResearcher, "GET", path, new byte[0]).statusCode())
                .isEqualTo(404);
        assertThat(send(nodeA, "GET", path, new byte[0]).body()).isEqualTo(body);
    }

    /** Strangers and unpronounceable names as recipients open nothing to anyone. */
    @Test
    void recipientsThatAreNoPartiesAreNobody() throws Exception {
        var body = bytes(5, 1_000);
        var path = PARAMETERS + Sha256.of(body);
        for (var names : List.of("*", "node-a;bob", "node-a,", ",", "../bob", "NODE-A", "%62ob", "node-a\tbob")) {
            assertThat(send(hostileNode, "PUT", path, body, TO, names).statusCode())
                    .as(names)
                    .isEqualTo(400);
        }
        assertThat(send(hostileNode, "PUT", path, body, TO, "nobody").statusCode())
                .isEqualTo(201);
        assertThat(send(nodeA, "GET", path, new byte[0]).statusCode()).isEqualTo(404);
        assertThat(send(hostileNode, "DELETE", path, new byte[0]).statusCode()).isEqualTo(204);
    }

    /** Whatever name the request holds, the certificate has the name of who renews, or of who was invited. */
    @Test
    void nobodyGetsACertificateInAnothersName() throws Exception {
        var keys = EnrolmentClient.newKeyPair();
        var victim = new CertifiedParty(PartyId.of("alice"), Role.RESEARCHER);
        var inAnothersName = EnrolmentClient.certificateRequest(keys, victim);
        var renewed = certificate(post(hostileNode, "/v1/renew", new RenewRequest(inAnothersName)));
        assertThat(CertifiedParty.of(renewed)).isEqualTo(new CertifiedParty(PartyId.of("node-b"), Role.NODE));
        var invitation = federation.network().invite(Role.NODE, PartyId.of("node-c"));
        var enrolled =
                certificate(post(hostileNode, "/v1/enrol", new EnrolRequest(invitation.secret(), inAnothersName)));
        assertThat(CertifiedParty.of(enrolled)).isEqualTo(new CertifiedParty(PartyId.of("node-c"), Role.NODE));
        victimsEntriesAreAsTheyWere();
    }

    @Test
    void othersUsedAndExpiredInvitationsGiveNoCertificate() throws Exception {
        var request = EnrolmentClient.certificateRequest(
                EnrolmentClient.newKeyPair(), new CertifiedParty(PartyId.of("alice"), Role.RESEARCHER));
        var used = federation.network().invite(Role.NODE, PartyId.of("node-d"));
        EnrolmentClient.enrol(used, federation.home("node-d"), CLOCK);
        var expired = federation.network().invite(Role.RESEARCHER, PartyId.of("alice"), Duration.ZERO);
        var secrets = new ArrayList<>(List.of(used.secret(), expired.secret(), "", "' OR 1=1 --", "A".repeat(43)));
        secrets.add(federation
                .network()
                .invite(Role.NODE, PartyId.of("node-e"))
                .secret()
                .substring(1));
        for (var secret : secrets) {
            var answer = post(hostileResearcher, "/v1/enrol", new EnrolRequest(secret, request));
            assertThat(answer.statusCode()).as(secret).isBetween(400, 499);
            assertThat(new String(answer.body())).doesNotContain("BEGIN CERTIFICATE");
        }
        victimsEntriesAreAsTheyWere();
    }

    /** A token whose name and role were changed on its way enrols whom it was made for, or nobody. */
    @Test
    void anAlteredInvitationIsNotForAnother() {
        var right = federation.network().invite(Role.NODE, PartyId.of("node-f"));
        var altered = new Invitation(
                right.host(),
                right.storePort(),
                right.caFingerprint(),
                Role.RESEARCHER,
                PartyId.of("alice"),
                right.secret(),
                right.expires());
        assertThatThrownBy(() -> EnrolmentClient.enrol(altered, federation.home("altered"), CLOCK))
                .hasMessageContaining("certified another party than alice");
        assertThat(TransportIdentity.exists(federation.home("altered"))).isFalse();
    }

    /** Numbers for the Network's operator name no party and no entry. */
    @Test
    void metricsTellNothingOfOthers() throws Exception {
        var text = new String(send(hostileNode, "GET", "/metrics", new byte[0]).body());
        assertThat(text).contains("fedbiomed_network_parties").doesNotContain("alice", "node-a", "bob", HASH);
    }

    private HttpResponse<byte[]> post(HttpClient client, String path, Object body) throws Exception {
        return send(client, "POST", path, Json.bytes(body));
    }

    private static X509Certificate certificate(HttpResponse<byte[]> answer) throws Exception {
        assertThat(answer.statusCode()).as(new String(answer.body())).isEqualTo(200);
        var pem = Json.MAPPER.readValue(answer.body(), EnrolReply.class).certificate();
        return Pem.certificates(pem).getFirst();
    }
}
