package fedbiomed.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.protocol.Correspondence;
import fedbiomed.protocol.Presence;
import fedbiomed.protocol.Received;
import fedbiomed.protocol.Topics;
import fedbiomed.protocol.identity.Identity;
import fedbiomed.protocol.identity.TrustState;
import fedbiomed.protocol.message.Envelope;
import fedbiomed.protocol.message.Job;
import fedbiomed.protocol.message.MessageCodec;
import fedbiomed.protocol.message.Reply;
import fedbiomed.protocol.message.Request;
import fedbiomed.protocol.transport.TransportIdentity;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Json;
import fedbiomed.vocabulary.PartyId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Network as an adversary: it has certificates in everybody's name (here those that the parties hold: it signs as good
 * ones itself), sits in everybody's inbox, keeps, drops, alters, repeats and re-addresses messages, invents some, and does
 * with the parameter store's files what it likes. It reads nothing and brings nobody to do anything.
 */
@Timeout(600)
class HostileNetworkTest {
    @TempDir
    Path folder;

    private TestFederation federation;
    private TestResearcher ana;
    private Node node;
    private Path nodeHome;
    private Job job;
    private int round = 2;
    /** Keys that the Network made, in the names of the two. */
    private Identity falseAna;

    private Identity falseNode;

    @BeforeEach
    void start() throws Exception {
        federation = new TestFederation(folder);
        ana = federation.researcher;
        node = federation.startTrustingNode("hospital-a", TestFederation.SMALL);
        nodeHome = folder.resolve("hospital-a");
        job = federation.permittedJob(node, TestPlans.GOOD);
        falseAna = Identity.create(ana.party(), Files.createDirectory(folder.resolve("false-ana")));
        falseNode = Identity.create(node.party(), Files.createDirectory(folder.resolve("false-node")));
    }

    @AfterEach
    void stop() {
        node.close();
        federation.close();
    }

    private Request.Train train() {
        return new Request.Train(TestResearcher.round(job, round++));
    }

    private RawLine inTheNameOfAna() {
        return new RawLine(ana.transport, ana.address);
    }

    private void works() {
        ana.ask(node.party(), train(), Reply.Train.class);
    }

    private static List<byte[]> filesUnder(Path folder) throws IOException {
        var contents = new ArrayList<byte[]>();
        try (var files = Files.walk(folder)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                contents.add(Files.readAllBytes(file));
            }
        }
        return contents;
    }

    private static boolean holds(byte[] haystack, byte[] needle) {
        return new String(haystack, StandardCharsets.ISO_8859_1)
                .contains(new String(needle, StandardCharsets.ISO_8859_1));
    }

    /** Searches, reviews, trainings with metrics and scalars: in all that it carried and keeps there is no word of them. */
    @Test
    void itReadsNothingOfWhatItCarriesAndKeeps() throws Exception {
        try (var tap = inTheNameOfAna()) {
            tap.listen(Topics.researcherInbox(ana.party()));
            tap.listen(Topics.researcherMonitor(ana.party()));
            ana.ask(node.party(), new Request.ListDatasets("1"), Reply.Datasets.class);
            ana.ask(node.party(), new Request.Approval(TestPlans.GOOD, List.of(), "to be read by people", "2"));
            var trained = ana.ask(node.party(), train(), Reply.Train.class);
            Awaitility.await()
                    .until(() -> !ana.scalars.isEmpty() && tap.heard(Topics.researcherMonitor(ana.party())) > 0);
            Awaitility.await().until(() -> tap.heard(Topics.researcherInbox(ana.party())) >= 3);
            var update = folder.resolve("update");
            ana.download(trained.update(), update);

            var secrets = new ArrayList<byte[]>();
            for (var word : new String[] {
                "Sick people",
                "reply",
                "SgdClassifier",
                "accuracy",
                "loss",
                "coef",
                "to be read by people",
                job.plan().value(),
                trained.request(),
                trained.update().sha256(),
                job.fingerprint()
            }) {
                secrets.add(word.getBytes(StandardCharsets.UTF_8));
            }
            var bytes = Files.readAllBytes(update);
            secrets.add(Arrays.copyOfRange(bytes, bytes.length - 16, bytes.length));
            var known = new ArrayList<>(tap.payloads());
            known.addAll(filesUnder(federation.network.home().resolve("store")));
            assertThat(known).hasSizeGreaterThan(5);
            for (var secret : secrets) {
                assertThat(known)
                        .as(new String(secret, StandardCharsets.UTF_8))
                        .noneMatch(content -> holds(content, secret));
            }
            assertThat(tap.payloads())
                    .allSatisfy(payload -> assertThatThrownBy(() -> Envelope.open(payload, falseAna))
                            .isInstanceOf(FedbiomedException.class)
                            .hasMessageContaining("cannot be opened"));
        }
    }

    /** It sits in the node's place: what comes to it is sealed for the node, and what it answers is not the node's. */
    @Test
    void inTheNodesPlaceItNeitherReadsNorAnswersAndWhatItKeptIsTakenInOnce() throws Exception {
        node.close();
        var request = train();
        byte[] kept;
        try (var place = new RawLine(TransportIdentity.load(nodeHome), ana.address, "hospital-a")) {
            place.listen(Topics.nodeInbox(node.party()));
            var presence = new Presence(true, federation.network.epoch(), falseNode.keys());
            place.publishTo(Topics.presence(node.party()), Json.bytes(presence), true);
            var id = ana.send(node.party(), request);
            Awaitility.await().until(() -> place.heard(Topics.nodeInbox(node.party())) > 0);
            kept = place.payloads().getFirst();
            assertThat(holds(kept, "train_request".getBytes(StandardCharsets.UTF_8)))
                    .isFalse();
            assertThatThrownBy(() -> Envelope.open(kept, falseNode)).hasMessageContaining("cannot be opened");

            var forged = new Reply.Error(id, ErrorCode.PLAN_FAILED, "there is no such hospital");
            place.publishTo(
                    Topics.researcherInbox(ana.party()),
                    RawLine.envelope(falseNode, ana.identity, MessageCodec.encode(forged)),
                    false);
            Awaitility.await()
                    .until(() -> ana.received.stream()
                            .anyMatch(received -> received.message().equals(forged)));
            assertThat(ana.received)
                    .filteredOn(received -> received.message().equals(forged))
                    .extracting(Received::trust)
                    .as("nothing is taken from it")
                    .containsOnly(TrustState.KEY_CHANGED);
        }
        node = reopened();
        try (var line = inTheNameOfAna()) {
            line.publish(node.party(), kept);
            Awaitility.await().until(() -> answersTo(request) == 1);
            line.publish(node.party(), kept);
            afterAQuestion();
            assertThat(answersTo(request)).isEqualTo(1);
            // nor does the node forget what it has taken in
            node.close();
            node = reopened();
            line.publish(node.party(), kept);
            afterAQuestion();
        }
        assertThat(distinctAnswersTo(request)).isEqualTo(1);
        works();
    }

    private Node reopened() throws InterruptedException {
        var again = Node.open(nodeHome, TestFederation.SMALL, Clock.systemUTC());
        again.start();
        assertThat(again.awaitConnected(TestResearcher.PATIENCE.toMillis())).isTrue();
        return again;
    }

    /** Whatever was sent to the node before has been taken in when this is answered. */
    private void afterAQuestion() {
        ana.ask(node.party(), new Request.ListDatasets("after " + round++), Reply.Datasets.class);
    }

    private int answersTo(Request request) {
        return ana.repliesTo(Correspondence.idOf(request)).size();
    }

    private long distinctAnswersTo(Request request) {
        return ana.repliesTo(Correspondence.idOf(request)).stream().distinct().count();
    }

    /** It signs with keys of its own in the researcher's name, and takes a message of hers to another hospital. */
    @Test
    void whatItInventsAndWhatItReAddressesIsDoneNowhere() throws Exception {
        try (var other = federation.startTrustingNode("hospital-b", TestFederation.SMALL);
                var line = inTheNameOfAna()) {
            var invented = train();
            line.publish(
                    node.party(),
                    RawLine.envelope(falseAna, node.federation().identity(), MessageCodec.encode(invented)));
            // it is answered to those keys, which are not hers: she cannot read even the refusal
            afterAQuestion();
            assertThat(answersTo(invented)).isZero();

            var hers = train();
            var envelope = RawLine.envelope(ana.identity, node.federation().identity(), MessageCodec.encode(hers));
            line.publish(other.party(), envelope);
            Awaitility.await().until(() -> !ana.errorsOf(ErrorCode.BAD_MESSAGE).isEmpty());
            assertThat(ana.errorsOf(ErrorCode.BAD_MESSAGE).getFirst().text())
                    .contains("addressed to hospital-a, not to hospital-b");
            assertThat(answersTo(hers)).isZero();
            assertThat(node.trusted().state(ana.party(), ana.identity.keys())).isEqualTo(TrustState.TRUSTED);
        }
        works();
    }

    /** The files of the store are its own: exchanged and altered ones are noticed before they are used. */
    @Test
    void aModelThatItExchangesOrAltersIsNotTrained() throws Exception {
        var way = ana.published.getLast();
        var stored = stored(way.entry());
        var original = Files.readAllBytes(stored);
        Files.delete(folder.resolve("initial.safetensors.sealed"));
        ana.publishModel(folder, node.party());
        var exchanged = Files.readAllBytes(stored(ana.published.getLast().entry()));
        // the same model, sealed anew: it is the first one's way that goes with the request
        ana.published.removeLast();
        assertThat(exchanged).hasSameSizeAs(original).isNotEqualTo(original);
        var altered = original.clone();
        altered[original.length / 2] ^= 1;
        // a shorter one the store's own program does not give out at all; SealedEntryTest has those
        for (var hostile : List.of(exchanged, altered, new byte[original.length])) {
            Files.write(stored, hostile);
            assertThat(ana.ask(node.party(), train(), Reply.Error.class).code())
                    .isEqualTo(ErrorCode.PARAMETERS_UNAVAILABLE);
        }
        Files.write(stored, original);
        works();
    }

    private Path stored(String entry) {
        return federation
                .network
                .home()
                .resolve("store/entries")
                .resolve(entry.substring(0, 2))
                .resolve(entry);
    }

    /** And the other way round: what a node sent. */
    @Test
    void anUpdateThatItAltersIsNotTakenHome() throws Exception {
        var trained = ana.ask(node.party(), train(), Reply.Train.class);
        var way = ana.received.stream()
                .flatMap(received -> received.enclosed().stream())
                .filter(enclosed -> enclosed.plain().equals(trained.update()))
                .findFirst()
                .orElseThrow();
        var stored = stored(way.entry());
        var bytes = Files.readAllBytes(stored);
        bytes[bytes.length - 1] ^= 1;
        Files.write(stored, bytes);
        var target = folder.resolve("taken-home");
        assertThatThrownBy(() -> ana.download(trained.update(), target)).hasMessageContaining("does not open");
        assertThat(target).doesNotExist();
    }

    @Test
    void aPartyIdIsNoKey() {
        // the names are the Network's to give: what counts is the fingerprint that people have compared
        assertThat(falseAna.party()).isEqualTo(PartyId.of("ana"));
        assertThat(falseAna.keys().fingerprint())
                .isNotEqualTo(ana.identity.keys().fingerprint());
        assertThat(node.trusted().state(ana.party(), falseAna.keys())).isEqualTo(TrustState.KEY_CHANGED);
    }
}
