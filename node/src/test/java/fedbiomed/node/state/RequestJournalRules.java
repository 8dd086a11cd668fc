package fedbiomed.node.state;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.node.state.RequestJournal.Admission;
import fedbiomed.protocol.identity.PublicKeys;
import fedbiomed.protocol.message.ParametersRef;
import fedbiomed.protocol.message.SealedRef;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Sha256;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What holds of every journal, whatever it is written in. */
abstract class RequestJournalRules {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    static final PartyId ANA = PartyId.of("ana");

    private static final PublicKeys KEYS = keys(1);
    private static final SealedRef MODEL = sealed("model");
    static final SealedRef UPDATE = sealed("update");

    private Instant time = NOW;

    /** The one that the tests look at, as it is now. */
    abstract RequestJournal journal();

    /** Its clock. */
    final Clock clock() {
        return new Clock() {
            @Override
            public Instant instant() {
                return time;
            }

            @Override
            public ZoneOffset getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }
        };
    }

    static StoredRequest request(int number) {
        var body = ("request " + number).getBytes(java.nio.charset.StandardCharsets.UTF_8);
        return new StoredRequest(
                Sha256.of(body), ANA, KEYS, body, List.of(MODEL), "first message", NOW.plus(Duration.ofHours(1)));
    }

    private static PublicKeys keys(int number) {
        var key = new byte[32];
        key[0] = (byte) number;
        var base64 = Base64.getEncoder().encodeToString(key);
        return new PublicKeys(base64, base64);
    }

    private static SealedRef sealed(String content) {
        return new SealedRef(
                new ParametersRef(Sha256.of(content), 5),
                Sha256.of("sealed " + content),
                Base64.getEncoder().encodeToString(new byte[SealedRef.KEY_BYTES]));
    }

    /** The same question, in another message, with what it names sealed anew: the last one counts, also for its answer. */
    @Test
    void aRequestThatIsAskedAgainIsKnownByItsLastMessage() {
        var journal = journal();
        var request = request(1);
        journal.admit(request, () -> {});
        assertThat(journal.find(request.id()).orElseThrow())
                .usingRecursiveComparison()
                .isEqualTo(request);
        var again = new StoredRequest(
                request.id(), ANA, keys(2), request.body(), List.of(UPDATE), "second message", request.expires());
        journal.admit(again, () -> {});
        assertThat(journal.find(request.id()).orElseThrow())
                .usingRecursiveComparison()
                .isEqualTo(again);
        assertThat(journal.open().getFirst().message()).isEqualTo("second message");
        journal.answer(request.id(), new byte[] {1}, List.of(UPDATE));
        assertThat(journal.find(request.id())).isEmpty();
        assertThat(journal.reply(request.id()).orElseThrow().request().keys()).isEqualTo(keys(2));
        assertThat(journal.reply(request.id()).orElseThrow().enclosed()).containsExactly(UPDATE);
    }

    @Test
    void aRequestIsNewOnceThenOpenThenAnswered() {
        var journal = journal();
        var request = request(1);
        assertThat(journal.admit(request, () -> {})).isEqualTo(new Admission.New());
        assertThat(journal.admit(request, () -> {})).isEqualTo(new Admission.Open());
        assertThat(journal.answer(request.id(), new byte[] {1}, List.of(UPDATE)))
                .isTrue();
        assertThat(journal.answer(request.id(), new byte[] {2}, List.of(UPDATE)))
                .as("an answer stands")
                .isFalse();
        assertThat(journal.admit(request, () -> {})).isEqualTo(new Admission.Answered());
        assertThat(journal.reply(request.id()).orElseThrow().reply()).containsExactly(1);
        assertThat(journal.begin(request.id())).as("not begun again").isZero();
    }

    @Test
    void whoAsksAgainForParametersThatHeAcknowledgedHasLostThem() {
        var journal = journal();
        journal.admit(request(1), () -> {});
        journal.answer(request(1).id(), new byte[] {1}, List.of(UPDATE));
        journal.acknowledge(request(1).id(), ANA);
        assertThat(journal.admit(request(1), () -> {})).isEqualTo(new Admission.New());
        assertThat(journal.begin(request(1).id())).isEqualTo(1);
        assertThat(journal.answer(request(1).id(), new byte[] {2}, List.of(UPDATE)))
                .isTrue();
        assertThat(journal.unacknowledged()).containsExactly(request(1).id());
        assertThat(journal.acknowledge(request(1).id(), ANA)).isTrue();
    }

    @Test
    void anAcknowledgedAnswerWithoutParametersIsSentAgain() {
        var journal = journal();
        journal.admit(request(1), () -> {});
        journal.answer(request(1).id(), new byte[] {1}, List.of());
        journal.acknowledge(request(1).id(), ANA);
        assertThat(journal.admit(request(1), () -> {})).isEqualTo(new Admission.Answered());
    }

    @Test
    void moreThanTheBoundIsNotTaken() {
        var journal = journal();
        for (int i = 0; i < RequestJournal.MAX_OPEN; i++) {
            assertThat(journal.admit(request(i), () -> {})).isEqualTo(new Admission.New());
        }
        assertThat(journal.admit(request(-1), () -> {})).isEqualTo(new Admission.Full());
        journal.forget(request(3).id());
        assertThat(journal.admit(request(-1), () -> {})).isEqualTo(new Admission.New());
    }

    @Test
    void onlyTheOwnResearcherCancelsAndAcknowledges() {
        var journal = journal();
        journal.admit(request(1), () -> {});
        assertThat(journal.cancel(request(1).id(), PartyId.of("eve"))).isFalse();
        journal.answer(request(1).id(), new byte[] {1}, List.of(UPDATE));
        assertThat(journal.acknowledge(request(1).id(), PartyId.of("eve"))).isFalse();
        assertThat(journal.unacknowledged()).hasSize(1);
        assertThat(journal.acknowledge(request(1).id(), ANA)).isTrue();
        assertThat(journal.unacknowledged()).isEmpty();
        assertThat(journal.cancel(request(1).id(), ANA))
                .as("an answer is not cancelled")
                .isFalse();
    }

    @Test
    void anAnswerIsKeptADayBeyondItsRequestAndAnOpenOneGoesWhenItExpires() {
        var journal = journal();
        journal.admit(request(1), () -> {});
        journal.admit(request(2), () -> {});
        journal.answer(request(1).id(), new byte[] {1}, List.of(UPDATE));
        time = NOW.plus(Duration.ofHours(2));
        journal.sweep();
        assertThat(journal.open()).isEmpty();
        assertThat(journal.reply(request(1).id())).isPresent();
        time = NOW.plus(Duration.ofHours(26));
        journal.sweep();
        assertThat(journal.reply(request(1).id())).isEmpty();
    }
}
