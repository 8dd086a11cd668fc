package fedbiomed.protocol.message;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.protocol.DamagedJson;
import fedbiomed.vocabulary.Attachment;
import fedbiomed.vocabulary.ColumnDescription;
import fedbiomed.vocabulary.ColumnMoments;
import fedbiomed.vocabulary.ColumnType;
import fedbiomed.vocabulary.DatasetDescription;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.EvaluationSums;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.LoadingPlanDescription;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.PlanId;
import fedbiomed.vocabulary.PlanStatus;
import fedbiomed.vocabulary.PreprocessingStatistics;
import fedbiomed.vocabulary.Scalar;
import fedbiomed.vocabulary.Sha256;
import fedbiomed.vocabulary.Timings;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a party may seal for another: each message of each kind, damaged, is a message that can be written, or refused. */
class MessageFuzzTest {
    private static final long SEED = 20261125;
    private static final String ID = Sha256.of("request");
    private static final PlanId PLAN = new PlanId(Sha256.of("plan"));
    private static final Timings TIMINGS = Timings.NONE.with("train", 12);
    private static final EvaluationSums SUMS = new EvaluationSums(
            "classification", List.of("0", "1"), 9, new TreeMap<>(Map.of("confusion", new double[] {1, 2, 3, 4})));

    /** One of each kind. */
    private static List<Message> messages() {
        var job = MessageCodecTest.job(0.1);
        var statistics = new PreprocessingStatistics(
                new TreeMap<>(Map.of("age", new ColumnMoments(10, 1, 5, 7))),
                new TreeMap<>(Map.of("sex", new TreeMap<>(Map.of("f", 3L)))),
                1);
        var heart = new DatasetDescription(
                "heart-1f3a",
                "Heart",
                "csv",
                new TreeSet<>(List.of("heart")),
                "Patients",
                List.of(100L, 2L),
                List.of(new ColumnDescription("age", ColumnType.values()[0], 3)),
                Sha256.of("data"),
                new LoadingPlanDescription("hearts", List.of("age"), List.of()));
        return List.of(
                new Request.Search(new TreeSet<>(List.of("heart", "ct")), "n1"),
                new Request.ListDatasets("n2"),
                new Request.PlanState(PLAN, "n3"),
                new Request.Approval(
                        "class Plan {}",
                        List.of(
                                new Attachment("net.pt", Sha256.of("net"), 1_000),
                                new Attachment("more.pt", Sha256.of("more"), 7)),
                        "please",
                        "n4"),
                new Request.Statistics(job),
                new Request.Train(job),
                new Request.Evaluate(job),
                new Request.Check(job),
                new Reply.Datasets(ID, List.of(heart)),
                new Reply.PlanState(ID, PLAN, PlanStatus.PENDING, "soon"),
                new Reply.Statistics(ID, statistics, TIMINGS),
                new Reply.Train(
                        ID,
                        100,
                        7,
                        0.25,
                        SUMS,
                        null,
                        "tests",
                        new ParametersRef(Sha256.of("u"), 9),
                        true,
                        TIMINGS,
                        40L),
                new Reply.Evaluate(ID, SUMS, TIMINGS),
                new Reply.Check(ID, 10, List.of(List.of(16L, 3L), List.of(16L)), 2, TIMINGS),
                new Reply.Error(ID, "ab".repeat(32), ErrorCode.POLICY, "not now", "quiet_hours"),
                new Message.Cancel(ID),
                new Message.Ack(ID),
                new Message.Scalars(
                        ID,
                        List.of(new Scalar(
                                1, new Participant(PartyId.of("node-a"), "heart-1f3a"), "training", "loss", 3, 9, 0.5)),
                        2));
    }

    @Test
    void damagedMessagesOfEachKind() {
        fuzz(10_000);
    }

    @Test
    @Tag("campaign")
    void aMillionDamagedMessagesOfEachKind() {
        fuzz(1_000_000);
    }

    private static void fuzz(int inputs) {
        var random = new SplittableRandom(SEED);
        var valid = messages().stream().map(MessageCodec::encode).toList();
        assertThat(valid)
                .hasSameSizeAs(Message.class
                        .getAnnotation(com.fasterxml.jackson.annotation.JsonSubTypes.class)
                        .value());
        int refused = 0;
        for (int i = 0; i < inputs; i++) {
            try {
                var message = MessageCodec.decode(DamagedJson.of(valid.get(i % valid.size()), random));
                var written = MessageCodec.encode(message);
                // arrays within a record are not equal by content: what is written is
                assertThat(MessageCodec.encode(MessageCodec.decode(written))).isEqualTo(written);
                use(message);
            } catch (FedbiomedException e) {
                assertThat(e.code()).isIn(ErrorCode.BAD_MESSAGE, ErrorCode.UNSUPPORTED);
                assertThat(e.text()).isNotBlank().hasSizeLessThan(600);
                refused++;
            }
        }
        assertThat(refused).isBetween(inputs / 10, inputs - inputs / 10);
    }

    /** What its receiver does with it first. */
    private static void use(Message message) {
        switch (message) {
            case Request.Approval approval ->
                approval.attachments()
                        .forEach(one ->
                                assertThat(ParametersRef.to(one).sizeBytes()).isNotNegative());
            case Reply.Datasets datasets ->
                datasets.datasets()
                        .forEach(one -> assertThat(one.id() + one.name() + one.rows() + one.fingerprint())
                                .isNotEmpty());
            case Reply.Statistics statistics ->
                assertThat(statistics.statistics().plus(PreprocessingStatistics.NONE))
                        .isNotNull();
            case Message.Scalars scalars ->
                scalars.scalars()
                        .forEach(one ->
                                assertThat(one.participant().node().value()).isNotBlank());
            default -> assertThat(message.toString()).isNotBlank();
        }
    }
}
