package fedbiomed.node.policy;

import fedbiomed.vocabulary.PartyId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** A policy in sentences, for a person who reads it aloud. */
public final class PolicyWords {
    private PolicyWords() {}

    public static List<String> of(Policy policy) {
        var lines = new ArrayList<String>();
        var all = policy.everywhere();
        var researchers = all.researchers();
        lines.add(
                researchers == null
                        ? "This node works for every researcher whom you trust."
                        : researchers.isEmpty()
                                ? "This node works for nobody: its list of researchers is empty."
                                : "This node works for " + names(researchers) + " alone, if you trust them.");
        lines.add(
                policy.unapprovedPlansFrom().isEmpty()
                        ? "A training plan runs only after you have approved it."
                        : "Plans of " + names(policy.unapprovedPlansFrom())
                                + " run BEFORE you have read them (in a sandbox). Plans of others need your approval.");
        var rounds = all.roundsADay();
        lines.add(
                rounds == null
                        ? "A researcher may have any number of trainings and tests in a day."
                        : "A researcher may have at most " + rounds + " trainings and tests in a day.");
        var hours = all.hoursADay();
        lines.add(
                hours == null
                        ? "There is no limit to how long it works for a researcher in a day."
                        : "It works at most " + shown(hours)
                                + " in a day for one researcher; then what runs is stopped.");
        lines.add(
                policy.quietHours().isEmpty()
                        ? "It works at any hour."
                        : "It does no work during "
                                + policy.quietHours().stream()
                                        .map(QuietHours::toString)
                                        .collect(Collectors.joining(", "))
                                + "; what runs when they begin is stopped.");
        lines.add("Hours and days are those of " + policy.timeZone() + ".");
        lines.add("Nothing leaves that is about fewer than " + all.minimumSamples() + " rows.");
        lines.add(
                all.metricsLeave()
                        ? "Metrics (losses and test results) leave."
                        : "No metrics leave: models are trained here, but not measured.");
        lines.add(
                all.statisticsLeave()
                        ? "Statistics of columns (counts, sums, sums of squares) leave where an approved plan needs them."
                        : "No statistics of columns leave.");
        policy.namedDatasets().forEach((name, rules) -> lines.add("Dataset '" + name + "': " + further(rules) + "."));
        return lines;
    }

    private static String further(Rules rules) {
        var parts = new ArrayList<String>();
        var researchers = rules.researchers();
        if (researchers != null) {
            parts.add(researchers.isEmpty() ? "for nobody" : "for " + names(researchers) + " alone");
        }
        var rounds = rules.roundsADay();
        if (rounds != null) {
            parts.add("at most " + rounds + " trainings and tests in a day for each");
        }
        var hours = rules.hoursADay();
        if (hours != null) {
            parts.add("at most " + shown(hours) + " of work in a day for each");
        }
        if (rules.minimumSamples() > Rules.NO_FURTHER.minimumSamples()) {
            parts.add("nothing about fewer than " + rules.minimumSamples() + " rows");
        }
        if (!rules.metricsLeave()) {
            parts.add("no metrics leave");
        }
        if (!rules.statisticsLeave()) {
            parts.add("no statistics leave");
        }
        return parts.isEmpty() ? "nothing further" : String.join("; ", parts);
    }

    /** {@code ana, ben}. */
    public static String names(Collection<PartyId> parties) {
        return parties.stream().sorted().map(PartyId::toString).collect(Collectors.joining(", "));
    }

    /** {@code 90m} as {@code 1 h 30 min}. */
    public static String shown(Duration time) {
        if (time.toMinutes() == 0) {
            return time.toSeconds() + " s";
        }
        long hours = time.toHours();
        int minutes = time.toMinutesPart();
        return (hours == 0 ? "" : hours + " h")
                + (hours == 0 || minutes == 0 ? "" : " ")
                + (minutes == 0 ? "" : minutes + " min");
    }
}
