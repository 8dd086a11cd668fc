package fedbiomed.protocol.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.ColumnMoments;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.EvaluationSums;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.LoadingPlanDescription;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.PlanId;
import fedbiomed.vocabulary.PreprocessingStatistics;
import fedbiomed.vocabulary.Sha256;
import fedbiomed.vocabulary.Timings;
import fedbiomed.vocabulary.TrainingArgs;
import fedbiomed.vocabulary.UpdateCompression;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MessageCodecTest {
    static Job job(double learningRate) {
        return new Job(
                "run-1",
                3,
                0,
                PartyId.of("alice"),
                new Participant(PartyId.of("hospital-a"), "cancer-1f3a"),
                Sha256.of("data"),
                new PlanId(Sha256.of("plan")),
                new Args(Map.of("hidden", 16)),
                TrainingArgs.builder()
                        .epochs(2)
                        .batchSize(16)
                        .testRatio(0.25)
                        .optimizerArgs(new Args(Map.of("lr", learningRate)))
                        .build(),
                Sha256.of("the round before"),
                new PreprocessingStatistics(
                        new TreeMap<>(Map.of("age", new ColumnMoments(10, 1, 0.1 + 0.2, 1e300))), new TreeMap<>(), 3),
                new ParametersRef(Sha256.of("parameters"), 1234));
    }

    @Test
    void aTrainRequestSurvivesTheTripToTheLastBitOfItsNumbers() {
        var request = new Request.Train(job(0.1));
        assertThat(MessageCodec.decode(MessageCodec.encode(request))).isEqualTo(request);
    }

    /** So the ids of requests are those of before there was any. */
    @Test
    void aRequestWithoutCompressionDoesNotSpeakOfIt() {
        var plain = job(0.1);
        assertThat(new String(MessageCodec.encode(new Request.Train(plain)), StandardCharsets.UTF_8))
                .doesNotContain("compression");
        var args = plain.trainingArgs().toBuilder()
                .compression(UpdateCompression.topK(0.01))
                .build();
        var compressed = new Request.Train(new Job(
                plain.runId(),
                plain.round(),
                plain.attempt(),
                plain.researcher(),
                plain.participant(),
                plain.fingerprint(),
                plain.plan(),
                plain.modelArgs(),
                args,
                plain.state(),
                plain.preprocessing(),
                plain.parameters()));
        var bytes = MessageCodec.encode(compressed);
        assertThat(new String(bytes, StandardCharsets.UTF_8))
                .contains("\"compression\":{\"args\":{\"fraction\":0.01},\"name\":\"top_k\"}");
        assertThat(MessageCodec.decode(bytes)).isEqualTo(compressed);
    }

    @Test
    void theSameQuestionHasTheSameIdAndAnotherArgumentAnother() {
        var id = Sha256.of(MessageCodec.encode(new Request.Train(job(0.1))));
        assertThat(Sha256.of(MessageCodec.encode(new Request.Train(job(0.1))))).isEqualTo(id);
        assertThat(Sha256.of(MessageCodec.encode(new Request.Train(job(0.2))))).isNotEqualTo(id);
    }

    @Test
    void aTrainReplySurvivesTheTrip() {
        var sums = new EvaluationSums(
                "classification", List.of("0", "1"), 9, new TreeMap<>(Map.of("confusion", new double[] {1, 2, 3, 4})));
        var reply = new Reply.Train(
                Sha256.of("q"),
                100,
                7,
                0.25,
                sums,
                null,
                null,
                new ParametersRef(Sha256.of("u"), 9),
                true,
                Timings.NONE.with("train", 12),
                40L);
        var back = (Reply.Train) MessageCodec.decode(MessageCodec.encode(reply));
        assertThat(back).usingRecursiveComparison().isEqualTo(reply);
    }

    @Test
    void aTrainReplyOfBeforeThereWerePoliciesWithholdsNothing() {
        var old = (Reply.Train) decode("""
                {"type":"train_reply","request":"q","samples":100,"updates":7,"loss":0.25,"global_test":null,
                "local_test":null,"update":{"sha256":"%s","size_bytes":9},"state_kept":true,"timings":{"millis":{}}}
                """.formatted(Sha256.of("u")));
        assertThat(old.metricsWithheld()).isFalse();
        assertThat(old.loss()).isEqualTo(0.25);
        assertThat(old.scalars()).isNull();
    }

    @Test
    void aDatasetOfBeforeThereWereLoadingPlansHasNone() {
        var described = """
                {"type":"datasets_reply","request":"q","datasets":[{"id":"heart-1","name":"Heart","kind":"csv","tags":[],
                "description":"","shape":[10,1],"columns":[{"name":"age","type":"INTEGER","missing":0}],"fingerprint":"f"%s}]}
                """;
        var old = (Reply.Datasets) decode(described.formatted(""));
        assertThat(old.datasets().getFirst().loadingPlan()).isNull();
        assertThat(new String(MessageCodec.encode(old), StandardCharsets.UTF_8)).doesNotContain("loading_plan");
        var plan = ",\"loading_plan\":{\"name\":\"hearts\",\"mapped\":[\"age\"],\"recoded\":[]}";
        var now = (Reply.Datasets) decode(described.formatted(plan));
        assertThat(now.datasets().getFirst().loadingPlan())
                .isEqualTo(new LoadingPlanDescription("hearts", List.of("age"), List.of()));
        assertThat(MessageCodec.decode(MessageCodec.encode(now))).isEqualTo(now);
        assertThatThrownBy(() -> decode(described.formatted(plan.replace("\"hearts\"", "null"))))
                .isInstanceOf(FedbiomedException.class);
    }

    @Test
    void aRefusalNamesTheRuleOfThePolicyIfItWasOne() {
        var refusal = Reply.Error.of("q", FedbiomedException.byRule("quiet_hours", "come back later"));
        assertThat(MessageCodec.decode(MessageCodec.encode(refusal))).isEqualTo(refusal);
        var old = (Reply.Error) decode("{\"type\":\"error_reply\",\"request\":\"q\",\"code\":\"BUSY\",\"text\":\"t\"}");
        assertThat(old.rule()).isNull();
        assertThat(new Reply.Error("q", "", ErrorCode.POLICY, "t", "r".repeat(1000)).rule())
                .hasSize(64);
    }

    @Test
    void anUnknownTypeIsUnsupportedAndNamed() {
        assertThatThrownBy(() -> decode("{\"type\":\"dance_request\"}"))
                .isInstanceOfSatisfying(
                        FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED))
                .hasMessageContaining("dance_request");
    }

    @Test
    void unknownFieldsOfANewerPartyAreIgnored() {
        assertThat(decode("{\"type\":\"ack\",\"request\":\"x\",\"mood\":\"good\"}"))
                .isEqualTo(new Message.Ack("x"));
    }

    @Test
    void aMissingFieldIsNamed() {
        assertThatThrownBy(() -> decode("{\"type\":\"search_request\",\"nonce\":\"x\"}"))
                .isInstanceOf(FedbiomedException.class);
        assertThatThrownBy(() -> decode("{\"type\":\"ack\"}")).hasMessageContaining("request");
    }

    @Test
    void whatIsMissingInAListIsMissing() {
        assertThatThrownBy(() -> decode("""
                {"type":"scalars","request":"q","dropped":0,"scalars":[{"round":1,"participant":{"dataset":"d"},
                "phase":"training","name":"loss","iteration":1,"total":1,"value":0.5}]}
                """))
                .isInstanceOf(FedbiomedException.class)
                .hasMessageContaining("'node'");
        assertThatThrownBy(() -> decode("""
                {"type":"statistics_reply","request":"q","timings":{"millis":{}},
                "statistics":{"participants":1,"categories":{},"columns":{"age":null}}}
                """))
                .isInstanceOf(FedbiomedException.class)
                .hasMessageContaining("null");
    }

    @Test
    void whatIsNoJsonIsABadMessageThatRepeatsNothingOfIt() {
        assertThatThrownBy(() -> decode("Mrs Miller, 74"))
                .isInstanceOfSatisfying(
                        FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_MESSAGE))
                .hasMessageNotContaining("Miller");
        assertThatThrownBy(() -> decode("null")).isInstanceOf(FedbiomedException.class);
        assertThatThrownBy(() -> decode("")).isInstanceOf(FedbiomedException.class);
        assertThatThrownBy(() -> decode("[".repeat(100_000))).isInstanceOf(FedbiomedException.class);
    }

    @Test
    void argumentsOutOfRangeAreRefusedOnArrivalToo() {
        var json = new String(MessageCodec.encode(new Request.Train(job(0.1))), StandardCharsets.UTF_8);
        assertThatThrownBy(() -> decode(json.replace("\"test_ratio\":0.25", "\"test_ratio\":7")))
                .isInstanceOf(FedbiomedException.class);
        assertThatThrownBy(() -> decode(json.replace("\"round\":3", "\"round\":-3")))
                .isInstanceOf(FedbiomedException.class);
        assertThatThrownBy(() -> decode(json.replace("hospital-a", "../../etc")))
                .isInstanceOf(FedbiomedException.class);
        assertThatThrownBy(() -> decode(json.replace(Sha256.of("the round before"), "../../etc")))
                .isInstanceOf(FedbiomedException.class);
    }

    private static Message decode(String json) {
        return MessageCodec.decode(json.getBytes(StandardCharsets.UTF_8));
    }
}
