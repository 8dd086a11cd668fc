package fedbiomed.node.policy;

import fedbiomed.node.policy.PolicyDecision.Refused;
import fedbiomed.node.policy.Situation.Moment;
import fedbiomed.node.policy.Situation.Work;
import fedbiomed.protocol.home.DurationText;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.ShownTime;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Holds a situation against a policy: the one place where its rules are. Pure; what rows may show is {@link MinimumSamples}. */
public final class PolicyEvaluation {
    private static final PolicyDecision ALLOWED = new PolicyDecision.Allowed();

    private final Policy policy;
    private final Situation at;
    private final List<Rules> dataset;

    private PolicyEvaluation(Policy policy, Situation at) {
        this.policy = policy;
        this.at = at;
        this.dataset = policy.of(at.dataset(), at.datasetName());
    }

    /** The first rule that refuses: first who, then what may leave, then when and how much. */
    public static PolicyDecision decide(Policy policy, Situation situation) {
        return new PolicyEvaluation(policy, situation).decide();
    }

    /** Whether the node works for that researcher at all. */
    public static PolicyDecision decide(Policy policy, PartyId node, PartyId researcher) {
        if (policy.everywhere().isFor(researcher)) {
            return ALLOWED;
        }
        return new Refused(
                PolicyRule.RESEARCHERS,
                "the policy of node '" + node + "' does not name researcher '" + researcher
                        + "' among those whom it works for (rule: researchers); ask its data manager whether you should"
                        + " be added");
    }

    /** Whether a dataset is shown to that researcher. */
    public static boolean isShown(Policy policy, PartyId researcher, String dataset, String datasetName) {
        return policy.everywhere().isFor(researcher)
                && policy.of(dataset, datasetName).stream().allMatch(rules -> rules.isFor(researcher));
    }

    private PolicyDecision decide() {
        var who = decide(policy, at.node(), at.researcher());
        if (who instanceof Refused) {
            return who;
        }
        if (dataset.stream().anyMatch(rules -> !rules.isFor(at.researcher()))) {
            return new Refused(
                    PolicyRule.DATASETS,
                    "the policy of node '" + at.node() + "' does not share dataset " + at.dataset()
                            + " with researcher '" + at.researcher()
                            + "' (rule: datasets, researchers); leave it out of the experiment, or ask the data"
                            + " manager");
        }
        var leaves = at.moment() == Moment.GOING_ON ? null : whatLeaves();
        if (leaves != null) {
            return leaves;
        }
        var when = at.moment() == Moment.LEAVING ? null : whenAndHowMuch();
        return when == null ? ALLOWED : when;
    }

    private @Nullable Refused whatLeaves() {
        if (at.work() == Work.EVALUATE && !holds(Rules::metricsLeave)) {
            return new Refused(
                    PolicyRule.METRICS_LEAVE,
                    "by the policy of node '" + at.node() + "' no metric of dataset " + at.dataset()
                            + " leaves (rule: metrics_leave: false), so that there is no use in testing a model there;"
                            + " it can be trained on, and tested at other nodes");
        }
        if (at.work() == Work.STATISTICS && !holds(Rules::statisticsLeave)) {
            return new Refused(
                    PolicyRule.STATISTICS_LEAVE,
                    "by the policy of node '" + at.node() + "' no statistics of dataset " + at.dataset()
                            + " leave (rule: statistics_leave: false); let the plan prepare its inputs with each node's"
                            + " own, standardise(LOCAL), or with constants, standardise(GIVEN)");
        }
        return null;
    }

    private boolean holds(Predicate<Rules> rule) {
        return rule.test(policy.everywhere()) && dataset.stream().allMatch(rule);
    }

    private @Nullable Refused whenAndHowMuch() {
        var now = at.now().atZone(policy.timeZone());
        var quiet = QuietHours.end(policy.quietHours(), now);
        if (quiet.isPresent()) {
            return new Refused(
                    PolicyRule.QUIET_HOURS,
                    "node '" + at.node() + "' does no work in its quiet hours (rule: quiet_hours: "
                            + String.join(
                                    ", ",
                                    policy.quietHours().stream()
                                            .map(QuietHours::toString)
                                            .toList())
                            + "); ask again after " + ShownTime.of(quiet.get().toInstant(), policy.timeZone()));
        }
        var all = spent(policy.everywhere(), at.usage().rounds(), at.usage().worked(), "");
        if (all != null) {
            return all;
        }
        for (var rules : dataset) {
            var here = spent(
                    rules, at.usage().roundsOnDataset(), at.usage().workedOnDataset(), " on dataset " + at.dataset());
            if (here != null) {
                return here;
            }
        }
        return null;
    }

    private @Nullable Refused spent(Rules rules, long rounds, Duration worked, String where) {
        var mostRounds = rules.roundsADay();
        if (at.moment() == Moment.BEGIN && at.work().isRound() && mostRounds != null && rounds >= mostRounds) {
            return new Refused(
                    PolicyRule.ROUNDS_A_DAY,
                    "researcher '" + at.researcher() + "' has had " + rounds + " trainings and tests" + where
                            + " today at node '" + at.node() + "', whose policy allows " + mostRounds
                            + " in a day (rule: rounds_a_day); " + tomorrow());
        }
        var most = rules.hoursADay();
        if (most != null && worked.compareTo(most) >= 0) {
            return new Refused(
                    PolicyRule.HOURS_A_DAY,
                    "node '" + at.node() + "' has worked " + DurationText.of(most) + where + " for researcher '"
                            + at.researcher() + "' today, as long as its policy allows in a day (rule: hours_a_day); "
                            + tomorrow());
        }
        return null;
    }

    private String tomorrow() {
        var next = at.now().atZone(policy.timeZone()).toLocalDate().plusDays(1).atStartOfDay(policy.timeZone());
        return "ask again after " + ShownTime.of(next.toInstant(), policy.timeZone())
                + ", or ask its data manager for more";
    }
}
