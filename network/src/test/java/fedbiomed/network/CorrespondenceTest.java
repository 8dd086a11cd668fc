package fedbiomed.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import fedbiomed.protocol.Correspondence;
import fedbiomed.protocol.message.Answer;
import fedbiomed.protocol.message.Message;
import fedbiomed.protocol.message.ParametersRef;
import fedbiomed.protocol.message.Reply;
import fedbiomed.protocol.message.Request;
import fedbiomed.protocol.message.SealedRef;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PlanId;
import fedbiomed.vocabulary.PlanStatus;
import fedbiomed.vocabulary.Role;
import fedbiomed.vocabulary.Sha256;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Questions and answers between a researcher and a node, over a real Network. Time passes as the test says. */
@Timeout(600)
class CorrespondenceTest {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final PlanId PLAN = new PlanId(Sha256.of("a plan"));

    @TempDir
    Path folder;

    private final TestClock clock = new TestClock();
    private TestFederation network;
    private TestParty alice;
    private TestParty node;
    private Correspondence correspondence;

    @BeforeEach
    void start() throws Exception {
        network = new TestFederation(folder);
        alice = new TestParty(network, Role.RESEARCHER, "alice", clock);
        node = new TestParty(network, Role.NODE, "node-a", clock).andTrusts(alice);
        correspondence = new Correspondence(alice.federation(), alice.trusted(), clock);
        alice.opened();
    }

    @AfterEach
    void stop() {
        correspondence.close();
        alice.close();
        node.close();
        network.close();
    }

    /** Until the researcher has taken notice that {@code party} is there: what is asked afterwards is asked once. */
    private void meet(TestParty party) throws Exception {
        party.opened();
        await().atMost(60, TimeUnit.SECONDS).until(() -> {
            var presence = alice.federation().presence().get(party.id());
            return presence != null && presence.online();
        });
        // what came before it has been dealt with when this is answered
        var met = correspondence.ask(party.id(), new Request.ListDatasets("meet " + party.id()), PATIENCE);
        party.send(alice, new Reply.Datasets(party.nextNew().id(), List.of()));
        get(met);
    }

    private static Request question(String nonce) {
        return new Request.PlanState(PLAN, nonce);
    }

    private static Reply answerTo(String request) {
        return new Reply.PlanState(request, PLAN, PlanStatus.APPROVED, "");
    }

    private static Reply get(CompletableFuture<Answer> future) throws Exception {
        return future.get(60, TimeUnit.SECONDS).reply();
    }

    @Test
    void aQuestionThatIsNotAnsweredIsAskedAgainUnderTheSameId() throws Exception {
        meet(node);
        var future = correspondence.ask(node.id(), question("1"), PATIENCE);
        var first = node.nextNew();
        assertThat(first.id()).isEqualTo(Correspondence.idOf(question("1")));
        // what it was asked, the node forgot: it was killed, say
        clock.advance(Duration.ofSeconds(21));
        var again = node.nextOf(first.id());
        assertThat(again.envelope().body()).isEqualTo(first.envelope().body());
        node.send(alice, answerTo(again.id()));
        assertThat(get(future)).isEqualTo(answerTo(first.id()));
        clock.advance(Duration.ofSeconds(60));
        // what is answered is not asked again: another question is the last to come
        correspondence.ask(node.id(), question("2"), PATIENCE);
        assertThat(node.nextNew().id()).isEqualTo(Correspondence.idOf(question("2")));
    }

    @Test
    void aNodeThatComesBackIsAskedAtOnce() throws Exception {
        var future = correspondence.ask(node.id(), question("early"), PATIENCE);
        // nobody listens yet, and the time to ask again does not come: only presence can bring it
        node.opened();
        node.send(alice, answerTo(node.nextNew().id()));
        assertThat(get(future)).isInstanceOf(Reply.PlanState.class);
    }

    @Test
    void oneQuestionHasOneAnswerHoweverOftenItIsAskedAndAnswered() throws Exception {
        meet(node);
        var first = correspondence.ask(node.id(), question("1"), PATIENCE);
        var second = correspondence.ask(node.id(), question("1"), PATIENCE);
        assertThat(second).isSameAs(first);
        var id = node.nextNew().id();
        node.send(alice, answerTo(id));
        node.send(alice, answerTo(id));
        assertThat(get(first)).isEqualTo(answerTo(id));
        // both answers are through when that of a later question is
        var later = correspondence.ask(node.id(), question("2"), PATIENCE);
        await().atMost(60, TimeUnit.SECONDS).until(() -> {
            var received = node.nextNew();
            node.send(alice, answerTo(received.id()));
            return received.id().equals(Correspondence.idOf(question("2")));
        });
        assertThat(get(later).request()).isEqualTo(Correspondence.idOf(question("2")));
    }

    /** The node sends a training's answer until the acknowledgement comes: if that was lost, it is sent again. */
    @Test
    void anAnswerThatIsSentAgainIsAcknowledgedAgain() throws Exception {
        meet(node);
        var future = correspondence.ask(node.id(), question("1"), PATIENCE);
        var id = node.nextNew().id();
        node.send(alice, answerTo(id));
        get(future);
        correspondence.acknowledge(node.id(), id);
        var acknowledgement = node.nextNew();
        assertThat(acknowledgement.message()).isEqualTo(new Message.Ack(id));
        node.send(alice, answerTo(id));
        node.nextOf(acknowledgement.id());
    }

    @Test
    void aQuestionEndsWithTheAskersPatience() throws Exception {
        meet(node);
        var future = correspondence.ask(node.id(), question("1"), Duration.ofMinutes(1));
        node.nextNew();
        assertThat(future).isNotDone();
        clock.advance(Duration.ofMinutes(1));
        assertThatThrownBy(() -> get(future))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(FedbiomedException.class)
                .hasMessageContaining("node 'node-a'")
                .extracting(e -> ((FedbiomedException) e).code())
                .isEqualTo(ErrorCode.EXPIRED);
    }

    @Test
    void aQuestionThatNeverReachedTheNetworkSaysSo() throws Exception {
        network.close();
        await().atMost(60, TimeUnit.SECONDS).until(() -> !alice.federation().connected());
        var future = correspondence.ask(node.id(), question("1"), Duration.ofMinutes(1));
        clock.advance(Duration.ofMinutes(1));
        assertThatThrownBy(() -> get(future))
                .cause()
                .hasMessageContaining("could not be handed to the Network")
                .hasMessageContaining("node-a");
    }

    @Test
    void aCancelledQuestionIsToldToTheNodeAndItsAnswerIsNotWantedAnyMore() throws Exception {
        meet(node);
        var future = correspondence.ask(node.id(), question("1"), PATIENCE);
        var id = node.nextNew().id();
        correspondence.cancel(node.id(), id).get(60, TimeUnit.SECONDS);
        assertThat(node.nextNew().message()).isEqualTo(new Message.Cancel(id));
        node.send(alice, answerTo(id));
        var cancelled = clock.instant();
        clock.advance(Duration.ofSeconds(21));
        var next = correspondence.ask(node.id(), question("2"), PATIENCE);
        node.send(alice, answerTo(node.nextNew().id()));
        get(next);
        assertThat(node.lastSent(id)).as("the cancelled one is not asked again").isBefore(cancelled.plusSeconds(21));
        assertThat(future).isNotDone();
    }

    @Test
    void aNodeThatNobodyTrustsIsAskedNothingButWhatItOffers() throws Exception {
        try (var stranger = new TestParty(network, Role.NODE, "stranger", clock).opened()) {
            assertThatThrownBy(() -> get(correspondence.ask(stranger.id(), question("1"), PATIENCE)))
                    .cause()
                    .hasMessageContaining("fingerprint")
                    .hasMessageContaining("stranger");
            var search = correspondence.ask(stranger.id(), new Request.ListDatasets("1"), PATIENCE);
            stranger.send(alice, new Reply.Datasets(stranger.nextNew().id(), List.of()));
            assertThat(get(search)).isInstanceOf(Reply.Datasets.class);
        }
    }

    /** Another node knows the question's id, and one has the node's name but other keys: neither is taken for it. */
    @Test
    void anAnswerOfAnotherIsNotTaken() throws Exception {
        meet(node);
        var future = correspondence.ask(node.id(), question("1"), PATIENCE);
        var first = node.nextNew();
        var id = first.id();
        try (var log = new LoggedWarnings();
                var other = new TestParty(network, Role.NODE, "node-b", clock)
                        .andTrusts(alice)
                        .opened()) {
            other.send(alice, new Reply.Error(id, first.name(), ErrorCode.INTERNAL, "from another node"));
            alice.trusted().trust(node.id(), other.identity().keys().fingerprint());
            node.send(
                    alice,
                    new Reply.Error(id, first.name(), ErrorCode.INTERNAL, "signed with keys that are not trusted"));
            await().atMost(60, TimeUnit.SECONDS)
                    .until(() -> log.texts().stream().anyMatch(text -> text.contains("by a key that is not trusted")));
            // the first is through when this one is
            var asked = correspondence.ask(other.id(), question("2"), PATIENCE);
            other.send(alice, answerTo(other.nextNew().id()));
            get(asked);
        }
        assertThat(future).isNotDone();
        alice.trusted().trust(node.id(), node.identity().keys().fingerprint());
        node.send(alice, answerTo(id));
        assertThat(get(future)).isEqualTo(answerTo(id));
    }

    /** The Network may bring it again, signed as it is: an error answers the message that it names, and no later one. */
    @Test
    void anErrorOfAnEarlierTimeIsNoAnswer() throws Exception {
        meet(node);
        var future = correspondence.ask(node.id(), question("1"), PATIENCE);
        var asked = node.nextNew();
        node.send(alice, new Reply.Error(asked.id(), "0".repeat(64), ErrorCode.BUSY, "what was true yesterday"));
        // it is through when this one is
        var search = correspondence.ask(node.id(), new Request.ListDatasets("1"), PATIENCE);
        node.send(alice, new Reply.Datasets(node.nextNew().id(), List.of()));
        get(search);
        assertThat(future).isNotDone();
        var error = new Reply.Error(asked.id(), asked.name(), ErrorCode.BUSY, "what is true now");
        node.send(alice, error);
        assertThat(get(future)).isEqualTo(error);
    }

    /** A node that could not open the question knows no more of it than its name. */
    @Test
    void anErrorThatKnowsOnlyTheMessagesNameIsAnAnswer() throws Exception {
        meet(node);
        var future = correspondence.ask(node.id(), question("1"), PATIENCE);
        var error = new Reply.Error("", node.nextNew().name(), ErrorCode.BAD_MESSAGE, "not readable");
        node.send(alice, error);
        assertThat(get(future)).isEqualTo(error);
    }

    /** What is enclosed belongs to the attempt: the last one's goes with the question. */
    @Test
    void whatIsEnclosedGoesWithEveryAttempt() throws Exception {
        meet(node);
        var question = question("1");
        correspondence.ask(node.id(), question, List.of(sealed("first")), PATIENCE);
        assertThat(node.nextNew().enclosed()).containsExactly(sealed("first"));
        correspondence.ask(node.id(), question, List.of(sealed("second")), PATIENCE);
        assertThat(node.nextOf(Correspondence.idOf(question)).enclosed()).containsExactly(sealed("second"));
    }

    private static SealedRef sealed(String entry) {
        return new SealedRef(
                new ParametersRef(Sha256.of("model"), 5),
                Sha256.of(entry),
                Base64.getEncoder().encodeToString(new byte[SealedRef.KEY_BYTES]));
    }

    /** Shown in its name by whoever carries messages, say: nothing is sealed for these, and a person is asked. */
    @Test
    void aNodeThatShowsOtherKeysIsAskedNothingUntilAPersonHasLooked() throws Exception {
        meet(node);
        try (var other = new TestParty(network, Role.NODE, "node-b", clock)) {
            alice.trusted().seen(node.id(), other.identity().keys());
            assertThat(alice.trusted().sealingKeys(node.id()))
                    .contains(node.identity().keys());
            assertThatThrownBy(() -> get(correspondence.ask(node.id(), question("1"), PATIENCE)))
                    .cause()
                    .hasMessageContaining("other keys")
                    .hasMessageContaining("fedbiomed researcher node trust node-a");
        }
    }
}
