package fedbiomed.node.policy;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.node.policy.Situation.Moment;
import fedbiomed.node.policy.Situation.Work;
import fedbiomed.vocabulary.PartyId;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The policy as a table: who asks what of which dataset, at which time, after how much; and which rule refuses it. */
class PolicyTableTest {
    private static final Policy POLICY = PolicyYaml.read("""
            researchers: [ana, ben]
            rounds_a_day: 10
            hours_a_day: 2h
            quiet_hours: ["mon-fri 07:00-19:00", "sat 23:00-05:00"]
            time_zone: Europe/Paris
            datasets:
              Heart:
                researchers: [ana]
                rounds_a_day: 3
                hours_a_day: 30m
              Secret:
                metrics_leave: false
                statistics_leave: false
            """, Policy.DEFAULTS);

    @ParameterizedTest(name = "{0} {1} {2} ({3}) at {4} after {5} rounds, {6} min, on the dataset {7}, {8}: {9}")
    @CsvSource(textBlock = """
            # researcher, work, dataset, moment, local time, rounds, minutes, rounds here, minutes here, refused by
            ana,  TRAIN,      Heart,  BEGIN,    2026-11-25T20:00, 0,  0,   0, 0,
            ben,  TRAIN,      Lungs,  BEGIN,    2026-11-25T20:00, 9,  119, 9, 119,
            # who
            eve,  TRAIN,      Lungs,  BEGIN,    2026-11-25T20:00, 0,  0,   0, 0,  RESEARCHERS
            eve,  TRAIN,      Lungs,  GOING_ON, 2026-11-25T20:00, 0,  0,   0, 0,  RESEARCHERS
            eve,  TRAIN,      Lungs,  LEAVING,  2026-11-25T20:00, 0,  0,   0, 0,  RESEARCHERS
            ben,  TRAIN,      Heart,  BEGIN,    2026-11-25T20:00, 0,  0,   0, 0,  DATASETS
            ben,  CHECK,      Heart,  BEGIN,    2026-11-25T20:00, 0,  0,   0, 0,  DATASETS
            ben,  TRAIN,      Heart,  GOING_ON, 2026-11-25T20:00, 0,  0,   0, 0,  DATASETS
            ben,  TRAIN,      Heart,  LEAVING,  2026-11-25T20:00, 0,  0,   0, 0,  DATASETS
            # what leaves: a training does, without its metrics
            ana,  TRAIN,      Secret, BEGIN,    2026-11-25T20:00, 0,  0,   0, 0,
            ana,  TRAIN,      Secret, LEAVING,  2026-11-25T20:00, 0,  0,   0, 0,
            ana,  CHECK,      Secret, BEGIN,    2026-11-25T20:00, 0,  0,   0, 0,
            ana,  EVALUATE,   Secret, BEGIN,    2026-11-25T20:00, 0,  0,   0, 0,  METRICS_LEAVE
            ana,  EVALUATE,   Secret, LEAVING,  2026-11-25T20:00, 0,  0,   0, 0,  METRICS_LEAVE
            ana,  EVALUATE,   Lungs,  BEGIN,    2026-11-25T20:00, 0,  0,   0, 0,
            ana,  STATISTICS, Secret, BEGIN,    2026-11-25T20:00, 0,  0,   0, 0,  STATISTICS_LEAVE
            ana,  STATISTICS, Secret, LEAVING,  2026-11-25T20:00, 0,  0,   0, 0,  STATISTICS_LEAVE
            ana,  STATISTICS, Lungs,  BEGIN,    2026-11-25T20:00, 0,  0,   0, 0,
            # when: Wednesday's quiet ends at 19:00, Saturday's on Sunday at 05:00
            ana,  TRAIN,      Lungs,  BEGIN,    2026-11-25T06:59, 0,  0,   0, 0,
            ana,  TRAIN,      Lungs,  BEGIN,    2026-11-25T07:00, 0,  0,   0, 0,  QUIET_HOURS
            ana,  STATISTICS, Lungs,  BEGIN,    2026-11-25T18:59, 0,  0,   0, 0,  QUIET_HOURS
            ana,  TRAIN,      Lungs,  GOING_ON, 2026-11-25T12:00, 0,  0,   0, 0,  QUIET_HOURS
            ana,  TRAIN,      Lungs,  LEAVING,  2026-11-25T12:00, 0,  0,   0, 0,
            ana,  TRAIN,      Lungs,  BEGIN,    2026-11-25T19:00, 0,  0,   0, 0,
            ana,  TRAIN,      Lungs,  BEGIN,    2026-11-28T12:00, 0,  0,   0, 0,
            ana,  TRAIN,      Lungs,  BEGIN,    2026-11-28T23:30, 0,  0,   0, 0,  QUIET_HOURS
            ana,  TRAIN,      Lungs,  BEGIN,    2026-11-29T04:59, 0,  0,   0, 0,  QUIET_HOURS
            ana,  TRAIN,      Lungs,  BEGIN,    2026-11-29T05:00, 0,  0,   0, 0,
            ana,  TRAIN,      Lungs,  BEGIN,    2026-11-28T04:59, 0,  0,   0, 0,
            # how much
            ana,  TRAIN,      Lungs,  BEGIN,    2026-11-25T20:00, 10, 0,   0, 0,  ROUNDS_A_DAY
            ana,  EVALUATE,   Lungs,  BEGIN,    2026-11-25T20:00, 10, 0,   0, 0,  ROUNDS_A_DAY
            ana,  CHECK,      Lungs,  BEGIN,    2026-11-25T20:00, 10, 0,   0, 0,
            ana,  STATISTICS, Lungs,  BEGIN,    2026-11-25T20:00, 10, 0,   0, 0,
            ana,  TRAIN,      Lungs,  GOING_ON, 2026-11-25T20:00, 10, 0,   0, 0,
            ana,  TRAIN,      Heart,  BEGIN,    2026-11-25T20:00, 3,  0,   2, 0,
            ana,  TRAIN,      Heart,  BEGIN,    2026-11-25T20:00, 3,  0,   3, 0,  ROUNDS_A_DAY
            ana,  TRAIN,      Lungs,  BEGIN,    2026-11-25T20:00, 0,  120, 0, 0,  HOURS_A_DAY
            ana,  CHECK,      Lungs,  BEGIN,    2026-11-25T20:00, 0,  120, 0, 0,  HOURS_A_DAY
            ana,  TRAIN,      Lungs,  GOING_ON, 2026-11-25T20:00, 0,  120, 0, 0,  HOURS_A_DAY
            ana,  TRAIN,      Lungs,  LEAVING,  2026-11-25T20:00, 0,  120, 0, 0,
            ana,  TRAIN,      Heart,  GOING_ON, 2026-11-25T20:00, 0,  30,  0, 30, HOURS_A_DAY
            """)
    void aSituationIsAllowedOrRefusedByOneRule(
            String researcher,
            Work work,
            String dataset,
            Moment moment,
            LocalDateTime time,
            long rounds,
            long minutes,
            long roundsHere,
            long minutesHere,
            @org.jspecify.annotations.Nullable PolicyRule refusedBy) {
        var decision = PolicyEvaluation.decide(
                POLICY,
                new Situation(
                        PartyId.of("hospital-a"),
                        PartyId.of(researcher),
                        dataset + "-1234",
                        dataset,
                        work,
                        moment,
                        new Usage(rounds, Duration.ofMinutes(minutes), roundsHere, Duration.ofMinutes(minutesHere)),
                        time.atZone(ZoneId.of("Europe/Paris")).toInstant()));
        if (refusedBy == null) {
            assertThat(decision).isEqualTo(new PolicyDecision.Allowed());
        } else {
            assertThat(decision).isInstanceOfSatisfying(PolicyDecision.Refused.class, refused -> {
                assertThat(refused.rule()).isEqualTo(refusedBy);
                assertThat(refused.text())
                        .contains("hospital-a", "(rule: " + refusedBy.key())
                        .doesNotContain("Heart ", "Secret ");
            });
        }
    }

    private static String refusal(Work work, String dataset, String time, Usage usage) {
        var decision = PolicyEvaluation.decide(
                POLICY,
                new Situation(
                        PartyId.of("hospital-a"),
                        PartyId.of("ana"),
                        dataset,
                        dataset,
                        work,
                        Moment.BEGIN,
                        usage,
                        LocalDateTime.parse(time)
                                .atZone(ZoneId.of("Europe/Paris"))
                                .toInstant()));
        return decision instanceof PolicyDecision.Refused refused ? refused.text() : "allowed";
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            TRAIN      | Lungs  | 2026-11-25T08:00 | 0  | 0  | mon-fri 07:00-19:00
            TRAIN      | Lungs  | 2026-11-25T08:00 | 0  | 0  | ask again after 2026-11-25 19:00 GMT+01:00
            TRAIN      | Lungs  | 2026-11-28T23:10 | 0  | 0  | ask again after 2026-11-29 05:00 GMT+01:00
            TRAIN      | Lungs  | 2026-11-25T20:00 | 10 | 0  | allows 10 in a day
            TRAIN      | Lungs  | 2026-11-25T20:00 | 10 | 0  | ask again after 2026-11-26 00:00 GMT+01:00
            TRAIN      | Lungs  | 2026-11-25T20:00 | 0  | 2  | has worked 2h for researcher 'ana' today
            STATISTICS | Secret | 2026-11-25T20:00 | 0  | 0  | standardise(LOCAL)
            EVALUATE   | Secret | 2026-11-25T20:00 | 0  | 0  | it can be trained on
            """)
    void aRefusalSaysWhichValueAndWhatToDo(
            Work work, String dataset, String time, long rounds, long hours, String said) {
        assertThat(refusal(work, dataset, time, new Usage(rounds, Duration.ofHours(hours), 0, Duration.ZERO)))
                .contains(said);
    }
}
