package fedbiomed.network;

import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import fedbiomed.protocol.identity.Identity;
import fedbiomed.protocol.message.Envelope;
import fedbiomed.protocol.message.Letter;
import fedbiomed.protocol.message.Message;
import fedbiomed.protocol.message.MessageCodec;
import fedbiomed.protocol.message.Reply;
import fedbiomed.protocol.message.Request;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.Json;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Role;
import fedbiomed.vocabulary.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a node gets that is no message of this protocol, over a real broker from an enrolled party: it is answered where
 * its sender listens, the log tells it without a word of its content, and the node goes on.
 */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadMessageTest {
    private static final String SECRET = "Mrs Miller is 74";
    private static final String INBOX = "fedbiomed/v1/node/node-a/inbox";
    private static final PartyId NODE = PartyId.of("node-a");

    private TestFederation network;
    private TestParty alice;
    private TestParty node;
    private Mqtt5BlockingClient raw;
    private LoggedWarnings log;
    private int questions;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        network = new TestFederation(folder);
        var clock = Clock.systemUTC();
        alice = new TestParty(network, Role.RESEARCHER, "alice", clock);
        node = new TestParty(network, Role.NODE, "node-a", clock).andTrusts(alice);
        alice.opened();
        node.opened();
        // so that its keys are known there: an answer is sealed for them
        alice.send(node, new Request.ListDatasets("hello"));
        node.nextNew();
        raw = TestFederation.mqtt(
                alice.transport(), "alice_raw", network.network().address().mqttPort());
        raw.connect();
    }

    @AfterAll
    void stop() {
        raw.disconnect();
        alice.close();
        node.close();
        network.close();
    }

    @BeforeEach
    void listen() {
        log = new LoggedWarnings();
    }

    /** Whatever came before: the node takes the next message, and nothing that was sent stands in a log. */
    @AfterEach
    void theNodeGoesOn() throws Exception {
        var question = new Request.ListDatasets("after " + questions++);
        alice.send(node, question);
        assertThat(node.nextNew().message()).isEqualTo(question);
        assertThat(log.texts()).noneMatch(text -> text.contains("Miller"));
        log.close();
    }

    private void publish(String topic, byte[] payload, String correlation) {
        raw.publishWith()
                .topic(topic)
                .qos(MqttQos.AT_LEAST_ONCE)
                .responseTopic("fedbiomed/v1/researcher/alice/inbox")
                .correlationData(correlation.getBytes(StandardCharsets.US_ASCII))
                .payload(payload)
                .send();
    }

    /** Sends it to the node. @return the answer */
    private Reply.Error answerTo(byte[] payload, String id) throws Exception {
        publish(INBOX, payload, id);
        var answer = (Reply.Error) alice.nextNew().message();
        assertThat(answer.message()).isEqualTo(id);
        assertThat(answer.text()).doesNotContain("Miller");
        assertThat(log.texts())
                .as("told in the log, once, with the reason")
                .filteredOn(text -> text.contains("refused a message on " + INBOX))
                .hasSize(1);
        return answer;
    }

    private Reply.Error answerTo(Envelope envelope) throws Exception {
        return answerTo(envelope.bytes(), envelope.header().message());
    }

    private Envelope sealed(Identity to, byte[] body, Instant sent) {
        return Envelope.seal(
                alice.identity(),
                new Envelope.Recipient(to.party(), to.keys()),
                Envelope.newName(),
                new Letter(body),
                sent,
                sent.plusSeconds(600));
    }

    private Reply.Error answerToBody(String body) throws Exception {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        var now = Instant.now();
        return answerTo(sealed(node.identity(), bytes, now));
    }

    @Test
    void aBodyThatIsNotJson() throws Exception {
        var answer = answerToBody(SECRET);
        assertThat(answer.code()).isEqualTo(ErrorCode.BAD_MESSAGE);
        assertThat(answer.text()).contains("not valid");
    }

    @Test
    void aBodyThatLacksAFieldOrHoldsAWrongOne() throws Exception {
        assertThat(answerToBody("{\"type\":\"cancel_request\"}").text()).contains("'request'");
        log.close();
        log = new LoggedWarnings();
        assertThat(answerToBody("{\"type\":\"plan_status_request\",\"plan\":\"" + SECRET + "\",\"nonce\":\"1\"}")
                        .code())
                .isEqualTo(ErrorCode.BAD_MESSAGE);
    }

    @Test
    void aTypeThatThisPartyDoesNotKnow() throws Exception {
        var answer = answerToBody("{\"type\":\"dance_request\",\"partner\":\"" + SECRET + "\"}");
        assertThat(answer.code()).isEqualTo(ErrorCode.UNSUPPORTED);
        assertThat(answer.text()).contains("dance_request", "Upgrade");
    }

    @Test
    void aFieldThatThisPartyDoesNotKnowIsIgnored() throws Exception {
        var body = "{\"type\":\"ack\",\"request\":\"x\",\"mood\":\"" + SECRET + "\"}";
        var now = Instant.now();
        var envelope = sealed(node.identity(), body.getBytes(StandardCharsets.UTF_8), now);
        publish(INBOX, envelope.bytes(), envelope.header().message());
        assertThat(node.nextNew().message()).isEqualTo(new Message.Ack("x"));
        assertThat(log.texts()).isEmpty();
    }

    @Test
    void whatIsNoEnvelope() throws Exception {
        var id = Sha256.of(SECRET);
        var answer = answerTo(SECRET.getBytes(StandardCharsets.UTF_8), id);
        assertThat(answer.code()).isEqualTo(ErrorCode.BAD_MESSAGE);
        assertThat(answer.text()).contains("FBM1");
    }

    @Test
    void aMessageThatIsTooLarge() throws Exception {
        var tooLarge = new byte[Envelope.MAX_BYTES + 1];
        Arrays.fill(tooLarge, (byte) 'x');
        var answer = answerTo(tooLarge, Sha256.of("too large"));
        assertThat(answer.code()).isEqualTo(ErrorCode.BAD_MESSAGE);
        assertThat(answer.text()).contains(Integer.toString(Envelope.MAX_BYTES));
    }

    @Test
    void aMessageFromTheFuture() throws Exception {
        var then = Instant.now().plusSeconds(3600);
        var body = MessageCodec.encode(new Request.ListDatasets("future"));
        var answer = answerTo(sealed(node.identity(), body, then));
        assertThat(answer.code()).isEqualTo(ErrorCode.BAD_MESSAGE);
        assertThat(answer.text()).contains("from the future", "Set both clocks");
    }

    @Test
    void aMessageThatHasExpired() throws Exception {
        var then = Instant.now().minusSeconds(3600);
        var body = MessageCodec.encode(new Request.ListDatasets("expired"));
        var answer = answerTo(sealed(node.identity(), body, then));
        assertThat(answer.code()).isEqualTo(ErrorCode.EXPIRED);
    }

    @Test
    void aMessageForAnother() throws Exception {
        var now = Instant.now();
        var body = MessageCodec.encode(new Request.ListDatasets("for another"));
        var answer = answerTo(sealed(
                Identity.create(PartyId.of("node-b"), Files.createTempDirectory(network.home("node-a"), "other")),
                body,
                now));
        assertThat(answer.code()).isEqualTo(ErrorCode.BAD_MESSAGE);
        assertThat(answer.text()).contains("node-b");
    }

    @Test
    void aMessageWhoseSignatureDoesNotFit() throws Exception {
        var now = Instant.now();
        var body = MessageCodec.encode(new Request.ListDatasets("forged"));
        var bytes = sealed(node.identity(), body, now).bytes();
        bytes[bytes.length - 1] ^= 1;
        var answer = answerTo(bytes, Sha256.of(body));
        assertThat(answer.code()).isEqualTo(ErrorCode.BAD_MESSAGE);
        assertThat(answer.text()).contains("signature");
    }

    @Test
    void aNewerMajorVersion() throws Exception {
        var body = MessageCodec.encode(new Request.ListDatasets("newer"));
        var answer = answerTo(withVersion(2, alice.identity(), body), Sha256.of(body));
        assertThat(answer.code()).isEqualTo(ErrorCode.UNSUPPORTED);
        assertThat(answer.text()).contains("version 2", "Upgrade");
    }

    /** As a program of another version would write it, if that one still began like this. */
    private static byte[] withVersion(int version, Identity sender, byte[] body) {
        var now = Instant.now();
        var header = new LinkedHashMap<String, Object>(Map.of(
                "version", version,
                "from", sender.party(),
                "to", NODE,
                "message", Sha256.of(body),
                "sent", now.toEpochMilli(),
                "expires", now.plusSeconds(600).toEpochMilli(),
                "keys", sender.keys(),
                "what_version_1_lacks", SECRET));
        var headerBytes = Json.bytes(header);
        var signed = ByteBuffer.allocate(12 + headerBytes.length + body.length)
                .put("FBM1".getBytes(StandardCharsets.US_ASCII))
                .putInt(headerBytes.length)
                .put(headerBytes)
                .putInt(body.length)
                .put(body)
                .array();
        return ByteBuffer.allocate(signed.length + Identity.SIGNATURE_BYTES)
                .put(signed)
                .put(sender.sign(signed))
                .array();
    }

    /** Nobody to be answered: no response topic that is a researcher's inbox. */
    @Test
    void whatSaysNoPlaceForAnAnswerIsOnlyLogged() throws Exception {
        for (var place : new String[] {"elsewhere", "fedbiomed/v1/node/node-b/inbox", "fedbiomed/v1/presence/alice"}) {
            raw.publishWith()
                    .topic(INBOX)
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .responseTopic(place)
                    .payload(SECRET.getBytes(StandardCharsets.UTF_8))
                    .send();
        }
        // a proper message comes after them
        alice.send(node, new Request.ListDatasets("proper"));
        assertThat(node.nextNew().message()).isEqualTo(new Request.ListDatasets("proper"));
        assertThat(log.texts())
                .filteredOn(text -> text.contains("refused a message on " + INBOX))
                .hasSize(3);
    }

    /** A researcher answers nobody: it is it who asks. */
    @Test
    void aResearcherLogsWhatItCannotReadAndGoesOn() throws Exception {
        var client = TestFederation.mqtt(
                network.enrol(Role.NODE, "node-raw"),
                "node-raw",
                network.network().address().mqttPort());
        client.connect();
        for (var topic : new String[] {"inbox", "monitor"}) {
            client.publishWith()
                    .topic("fedbiomed/v1/researcher/alice/" + topic)
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .payload(SECRET.getBytes(StandardCharsets.UTF_8))
                    .send();
        }
        client.publishWith()
                .topic("fedbiomed/v1/presence/node-raw")
                .qos(MqttQos.AT_LEAST_ONCE)
                .retain(true)
                .payload(SECRET.getBytes(StandardCharsets.UTF_8))
                .send();
        client.disconnect();
        node.send(alice, new Reply.Error(Sha256.of("x"), ErrorCode.BUSY, "a proper one"));
        assertThat(alice.nextNew().message()).isInstanceOf(Reply.Error.class);
        assertThat(log.texts())
                .filteredOn(text -> text.contains("refused a message on fedbiomed/v1/researcher/alice/"))
                .hasSize(2);
    }
}
