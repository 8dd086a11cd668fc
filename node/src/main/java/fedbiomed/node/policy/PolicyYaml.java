package fedbiomed.node.policy;

import fedbiomed.node.yaml.YamlFields;
import fedbiomed.node.yaml.YamlLines;
import fedbiomed.node.yaml.YamlLines.Mapping;
import fedbiomed.node.yaml.YamlLines.Nothing;
import fedbiomed.node.yaml.YamlLines.Scalar;
import fedbiomed.node.yaml.YamlLines.Sequence;
import fedbiomed.node.yaml.YamlLines.Value;
import fedbiomed.node.yaml.YamlProblem;
import fedbiomed.protocol.home.DurationText;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Text;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code policy.yaml} as text. What is unknown, or does not fit, is a {@link YamlProblem} that says where. */
public final class PolicyYaml {
    /** The keys of a dataset's own rules; all datasets have these too. */
    private static final List<String> RULES = List.of(
            "researchers", "rounds_a_day", "hours_a_day", "minimum_samples", "metrics_leave", "statistics_leave");

    private static final List<String> KEYS = List.of(
            "researchers",
            "rounds_a_day",
            "hours_a_day",
            "minimum_samples",
            "metrics_leave",
            "statistics_leave",
            "quiet_hours",
            "time_zone",
            "datasets",
            "unapproved_plans_from");

    private static final String ALL = "all";
    private static final String UNLIMITED = "unlimited";

    private final Mapping node;
    private final String path;

    private PolicyYaml(Mapping node, String path, List<String> known) {
        this.node = node;
        this.path = path;
        YamlFields.requireKnown(node, path, known);
    }

    /** @param usual what holds where the text says nothing @throws YamlProblem for the first thing that is wrong */
    static Policy read(String text, Policy usual) {
        return new PolicyYaml(
                        YamlLines.read(
                                text, "; a node without policy.yaml works by the defaults", "metrics_leave: true"),
                        "",
                        KEYS)
                .policy(usual);
    }

    private Policy policy(Policy usual) {
        return new Policy(
                one("time_zone", "a time zone such as Europe/Paris, or 'system'", usual.timeZone(), text -> {
                    try {
                        return text.equals("system") ? ZoneId.systemDefault() : ZoneId.of(text);
                    } catch (DateTimeException e) {
                        throw new IllegalArgumentException("there is no time zone of that name", e);
                    }
                }),
                rules(usual.everywhere()),
                texts("quiet_hours", "a list of hours such as [\"mon-fri 07:00-19:00\"]", QuietHours::parse),
                datasets(),
                Set.copyOf(parties("unapproved_plans_from")));
    }

    private Map<String, Rules> datasets() {
        var said = node.values().get("datasets");
        if (said == null || said instanceof Nothing) {
            return Map.of();
        }
        if (!(said instanceof Mapping named)) {
            throw wrong("datasets", said, "names of datasets with rules for each below them");
        }
        var datasets = new HashMap<String, Rules>();
        named.values().forEach((name, rules) -> {
            var below = path + "datasets." + Text.shown(name) + ".";
            if (!(rules instanceof Mapping own)) {
                throw new YamlProblem(
                        rules.line(),
                        "'" + path + "datasets." + Text.shown(name) + "' must have rules below it, such as researchers:"
                                + " [ana]");
            }
            datasets.put(name, new PolicyYaml(own, below, RULES).rules(Rules.NO_FURTHER));
        });
        return datasets;
    }

    private Rules rules(Rules usual) {
        return new Rules(
                researchers(),
                limit("rounds_a_day", "a whole number, or 'unlimited'", usual.roundsADay(), PolicyYaml::count),
                limit("hours_a_day", "a time such as 12h or 90m, or 'unlimited'", usual.hoursADay(), PolicyYaml::time),
                one("minimum_samples", "a whole number of at least 1", usual.minimumSamples(), text -> {
                    int rows = count(text);
                    if (rows < 1) {
                        throw new IllegalArgumentException("it must be at least 1");
                    }
                    return rows;
                }),
                one("metrics_leave", "true or false", usual.metricsLeave(), PolicyYaml::truth),
                one("statistics_leave", "true or false", usual.statisticsLeave(), PolicyYaml::truth));
    }

    private @Nullable Set<PartyId> researchers() {
        return node.values().get("researchers") instanceof Scalar scalar
                        && scalar.text().equals(ALL)
                ? null
                : node.values().containsKey("researchers") ? new HashSet<>(parties("researchers")) : null;
    }

    private List<PartyId> parties(String key) {
        var form = key.equals("researchers")
                ? "a list of researchers such as [ana, ben], or 'all'"
                : "a list of researchers such as [ana, ben]";
        return texts(key, form, PartyId::of);
    }

    private <T> List<T> texts(String key, String form, Function<String, T> reading) {
        var said = node.values().get(key);
        if (said == null) {
            return List.of();
        }
        if (!(said instanceof Sequence sequence)) {
            throw wrong(key, said, form);
        }
        var all = new ArrayList<T>();
        for (var value : sequence.values()) {
            if (!(value instanceof Scalar scalar)) {
                throw wrong(key, value, form);
            }
            all.add(reading(key, scalar, form, reading));
        }
        return all;
    }

    private <T> @Nullable T limit(String key, String form, @Nullable T usual, Function<String, T> reading) {
        var said = node.values().get(key);
        if (said == null) {
            return usual;
        }
        if (!(said instanceof Scalar scalar)) {
            throw wrong(key, said, form);
        }
        return scalar.text().equals(UNLIMITED) ? null : reading(key, scalar, form, reading);
    }

    private <T> T one(String key, String form, T usual, Function<String, T> reading) {
        var said = node.values().get(key);
        if (said == null) {
            return usual;
        }
        if (!(said instanceof Scalar scalar)) {
            throw wrong(key, said, form);
        }
        return reading(key, scalar, form, reading);
    }

    private <T> T reading(String key, Scalar scalar, String form, Function<String, T> reading) {
        try {
            return reading.apply(scalar.text());
        } catch (IllegalArgumentException e) {
            throw new YamlProblem(
                    scalar.line(), mustBe(key, form) + ", not '" + Text.shown(scalar.text()) + "': " + e.getMessage());
        }
    }

    /** What stands there but has another form. Nothing behind the colon is no default: somebody meant to write something. */
    private YamlProblem wrong(String key, Value said, String form) {
        return new YamlProblem(said.line(), mustBe(key, form) + (said instanceof Nothing ? ", not nothing" : ""));
    }

    private String mustBe(String key, String form) {
        return "'" + path + key + "' must be " + form;
    }

    private static int count(String text) {
        if (!text.matches("[0-9]{1,9}")) {
            throw new IllegalArgumentException("it is no whole number");
        }
        return Integer.parseInt(text);
    }

    private static Duration time(String text) {
        return DurationText.parse(text);
    }

    private static boolean truth(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("it is neither");
        };
    }
}
