package fedbiomed.researcher.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.protocol.message.MessageCodec;
import fedbiomed.protocol.message.Reply;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a node says of its time and its numbers is believed as far as it can be. */
class ExchangeTest {
    private static final Participant WHO = new Participant(PartyId.of("hospital-a"), "heart");
    private static final Exchange SECOND = new Exchange("2026-11-29T12:00:00Z", 1000, 50, 300, 300, 40);

    private static Reply.Train reply(String timings, String scalars) {
        return (Reply.Train) MessageCodec.decode(
                """
                {"type":"train_reply","request":"q","samples":100,"updates":7,"loss":0.25,"global_test":null,
                "local_test":null,"update":{"sha256":"%s","size_bytes":9},"state_kept":true,"timings":{"millis":%s}%s}
                """.formatted(Sha256.of("u"), timings, scalars).getBytes(StandardCharsets.UTF_8));
    }

    private static ParticipantOutcome outcome(Reply.Train reply) {
        return ParticipantOutcome.accepted(WHO, "q", reply, SECOND);
    }

    @Test
    void waitingIsWhatTheNodeDoesNotAccountFor() {
        assertThat(SECOND.waitingMillis(reply("{\"train\":600,\"upload\":100,\"coffee\":50}", "")))
                .isEqualTo(300);
    }

    @Test
    void phasesThatCannotBeAreCut() {
        var reply = reply("{\"download\":-5,\"train\":9223372036854775807,\"upload\":100}", "");
        assertThat(NodePhases.of(reply.timings(), 1000)).containsExactly(java.util.Map.entry("train", 1000L));
        assertThat(SECOND.waitingMillis(reply)).isZero();
    }

    @Test
    void numbersThatDidNotComeAreSaidOnceAParticipant() {
        var lost = new LostScalars();
        assertThat(lost.notice(3, List.of(outcome(reply("{}", ",\"scalars\":50")))))
                .hasValueSatisfying(text -> assertThat(text).contains("40 of 50 of hospital-a/heart"));
        assertThat(lost.notice(4, List.of(outcome(reply("{}", ",\"scalars\":50")))))
                .isEmpty();
    }

    @Test
    void aNodeThatDoesNotCountOrCountsWronglyLosesNothing() {
        assertThat(outcome(reply("{}", "")).lostScalars()).isZero();
        assertThat(outcome(reply("{}", ",\"scalars\":-9223372036854775808")).lostScalars())
                .isNotNegative();
        assertThat(outcome(reply("{}", ",\"scalars\":7")).lostScalars()).isZero();
    }
}
