package fedbiomed.node.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.node.yaml.YamlProblem;
import fedbiomed.vocabulary.PartyId;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyYamlTest {
    private static Policy read(String text) {
        return PolicyYaml.read(text, Policy.DEFAULTS);
    }

    @Test
    void theFileOfANewHomeSaysTheDefaults() {
        assertThat(read(PolicyTemplate.TEXT)).isEqualTo(Policy.DEFAULTS);
    }

    @Test
    void theExampleOfTheFileIsRight() {
        var lines = PolicyTemplate.TEXT.lines().toList();
        int example = lines.indexOf("# datasets:");
        var text = String.join(
                "\n",
                lines.subList(example, lines.size()).stream()
                        .map(line -> line.substring(2))
                        .toList());
        var rules = read(text).datasets().get("Heart clinic");
        assertThat(rules).isEqualTo(new Rules(Set.of(PartyId.of("ana")), 100, null, 1, false, true));
    }

    @Test
    void ofTwoRulesTheStricterHolds() {
        var policy = read("""
                minimum_samples: 20
                metrics_leave: true
                datasets:
                  Heart: {minimum_samples: 5, metrics_leave: false}
                  Lungs: {minimum_samples: 50}
                  lungs-77: {minimum_samples: 60}
                """);
        assertThat(policy.minimumSamples("heart-1", "Heart")).isEqualTo(20);
        assertThat(policy.minimumSamples("lungs-1", "Lungs")).isEqualTo(50);
        assertThat(policy.minimumSamples("lungs-77", "Lungs")).isEqualTo(60);
        assertThat(policy.metricsLeave("heart-1", "Heart")).isFalse();
        assertThat(policy.metricsLeave("lungs-1", "Lungs")).isTrue();
        assertThat(policy.withAtLeast(70).minimumSamples("lungs-77", "Lungs")).isEqualTo(70);
    }

    @Test
    void limitsAreNumbersOrUnlimited() {
        var policy = read("rounds_a_day: unlimited\nhours_a_day: 90m\nresearchers: []\n");
        assertThat(policy.everywhere().roundsADay()).isNull();
        assertThat(policy.everywhere().hoursADay()).isEqualTo(Duration.ofMinutes(90));
        assertThat(policy.everywhere().isFor(PartyId.of("ana"))).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            researchers: all\\nround_a_day: 3                    | line 2: unknown key 'round_a_day'; the nearest known key is 'rounds_a_day'
            datasets:\\n  Heart:\\n    researcher: [ana]          | line 3: unknown key 'datasets.Heart.researcher'; the nearest known key is 'datasets.Heart.researchers'
            datasets:\\n  Heart:\\n    quiet_hours: []            | line 3: unknown key 'datasets.Heart.quiet_hours'
            datasets:\\n  Heart:                                 | line 2: 'datasets.Heart' must have rules below it
            datasets: [Heart]                                   | line 1: 'datasets' must be names of datasets
            metrics_leave: no                                   | line 1: 'metrics_leave' must be true or false, not 'no'
            metrics_leave: False                                | line 1: 'metrics_leave' must be true or false, not 'False'
            metrics_leave:                                      | line 1: 'metrics_leave' must be true or false, not nothing
            researchers: ana                                    | line 1: 'researchers' must be a list of researchers such as [ana, ben], or 'all'
            researchers: [Ana Lee]                              | line 1: 'researchers' must be a list of researchers such as [ana, ben], or 'all', not 'Ana Lee'
            researchers:                                        | line 1: 'researchers' must be a list
            rounds_a_day: many                                  | line 1: 'rounds_a_day' must be a whole number, or 'unlimited', not 'many'
            rounds_a_day: -1                                    | line 1: 'rounds_a_day' must be a whole number
            hours_a_day: 3                                      | line 1: 'hours_a_day' must be a time such as 12h or 90m, or 'unlimited', not '3'
            minimum_samples: 0                                  | line 1: 'minimum_samples' must be a whole number of at least 1, not '0'
            minimum_samples: unlimited                          | line 1: 'minimum_samples' must be
            quiet_hours: 07:00-19:00                            | line 1: 'quiet_hours' must be a list of hours
            quiet_hours: ["7-19"]                               | line 1: 'quiet_hours' must be a list of hours such as ["mon-fri 07:00-19:00"], not '7-19'
            quiet_hours: ["monday 07:00-19:00"]                 | weekdays are written mon, tue
            quiet_hours: ["25:00-26:00"]                        | there is no time 25:00
            time_zone: Europe/Pari                              | there is no time zone of that name
            researchers: all\\nresearchers: [ana]                | line 2
            researchers: *all                                   | line 1
            researchers: [ana                                   | this is not YAML
            - researchers                                       | line 1: the file must be keys with values
            # all of it is a remark                             | line 1: the file says nothing
            metrics_leave: true\\n---\\nmetrics_leave: false      | the file has a second document
            """)
    void whatIsWrongIsSaidWithItsLine(String text, String said) {
        assertThatThrownBy(() -> read(text.replace("\\n", "\n")))
                .isInstanceOfSatisfying(
                        YamlProblem.class,
                        e -> assertThat(e.text()).contains(said).startsWith("line "));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            07:00-19:00          | 2026-11-25T12:00 | 2026-11-25T19:00
            22:00-06:00          | 2026-11-25T23:00 | 2026-11-26T06:00
            22:00-06:00          | 2026-11-25T03:00 | 2026-11-25T06:00
            22:00-06:00          | 2026-11-25T06:00 | -
            00:00-00:00          | 2026-11-25T06:00 | 2026-11-26T00:00
            18:00-24:00          | 2026-11-25T23:59 | 2026-11-26T00:00
            fri-mon 08:00-09:00  | 2026-11-29T08:30 | 2026-11-29T09:00
            fri-mon 08:00-09:00  | 2026-11-25T08:30 | -
            sat,sun 00:00-24:00  | 2026-11-28T08:30 | 2026-11-29T00:00
            fri 22:00-06:00      | 2026-11-28T05:00 | 2026-11-28T06:00
            # the night in which the clocks go forward
            22:00-06:00          | 2026-03-29T03:30 | 2026-03-29T06:00
            """)
    void quietHoursKnowNightsAndWeekdays(
            String hours, LocalDateTime now, @org.jspecify.annotations.Nullable LocalDateTime end) {
        var zone = ZoneId.of("Europe/Paris");
        var until = QuietHours.parse(hours).until(now.atZone(zone));
        assertThat(until.map(java.time.ZonedDateTime::toLocalDateTime).orElse(null))
                .isEqualTo(end);
    }

    @Test
    void quietThatFollowsQuietEndsWithTheLast() {
        var hours = List.of(QuietHours.parse("07:00-12:00"), QuietHours.parse("12:00-19:00"));
        var now = LocalDateTime.parse("2026-11-25T08:00").atZone(ZoneId.of("UTC"));
        assertThat(QuietHours.end(hours, now).orElseThrow().toLocalDateTime())
                .isEqualTo(LocalDateTime.parse("2026-11-25T19:00"));
        assertThat(QuietHours.end(List.of(QuietHours.parse("00:00-24:00")), now))
                .isPresent();
    }
}
