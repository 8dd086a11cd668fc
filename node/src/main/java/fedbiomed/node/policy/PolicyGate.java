package fedbiomed.node.policy;

import fedbiomed.node.policy.Situation.Moment;
import fedbiomed.node.policy.Situation.Work;
import fedbiomed.vocabulary.DatasetDescription;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PartyId;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** Where every request passes: holds it against the policy as it stands now, and against what was used today. */
public final class PolicyGate {
    private final PolicySource source;
    private final UsageLedger ledger;
    private final PartyId node;
    private final Clock clock;

    public PolicyGate(PolicySource source, UsageLedger ledger, PartyId node, Clock clock) {
        this.source = source;
        this.ledger = ledger;
        this.node = node;
        this.clock = clock;
    }

    /** @throws FedbiomedException if it cannot be read */
    public Policy policy() {
        return source.current();
    }

    /** @throws FedbiomedException if the node does not work for that researcher */
    public void requireResearcher(PartyId researcher) {
        require(PolicyEvaluation.decide(policy(), node, researcher));
    }

    /** Whether a search by that researcher finds the dataset; one with too few samples is found by nobody. */
    public boolean shows(PartyId researcher, DatasetDescription dataset) {
        var policy = policy();
        return PolicyEvaluation.isShown(policy, researcher, dataset.id(), dataset.name())
                && dataset.rows() >= policy.minimumSamples(dataset.id(), dataset.name());
    }

    /**
     * Whether it may be done at that moment.
     *
     * @param request its id; {@code null} where it is not about one
     * @return the policy by which it may
     * @throws FedbiomedException with the rule by which it may not
     */
    public Policy require(
            PartyId researcher, DatasetDescription dataset, Work work, Moment moment, @Nullable String request) {
        var policy = policy();
        var usage = moment == Moment.LEAVING ? Usage.NONE : usage(policy, researcher, dataset, request);
        require(PolicyEvaluation.decide(
                policy,
                new Situation(node, researcher, dataset.id(), dataset.name(), work, moment, usage, clock.instant())));
        return policy;
    }

    /** What nothing depends on is not asked of the database: this is looked at twice a second for every worker. */
    private Usage usage(Policy policy, PartyId researcher, DatasetDescription dataset, @Nullable String request) {
        if (policy.limitsUse()) {
            return ledger.of(researcher, dataset.id(), request, policy.timeZone());
        }
        ledger.saveWhatIsDue();
        return Usage.NONE;
    }

    /** As {@link #require} at its begin, and counts it: two requests at once do not both get the last round of a day. */
    public synchronized void begin(PartyId researcher, DatasetDescription dataset, Work work, String request) {
        var policy = require(researcher, dataset, work, Moment.BEGIN, request);
        ledger.begin(request, researcher, dataset.id(), work.isRound(), policy.timeZone());
    }

    /** From now until it is closed, a worker works on it. */
    public UsageLedger.Meter measure(PartyId researcher, DatasetDescription dataset, String request) {
        return ledger.measure(request, researcher, dataset.id(), policy().timeZone());
    }

    private static void require(PolicyDecision decision) {
        if (decision instanceof PolicyDecision.Refused(var rule, var text)) {
            throw FedbiomedException.byRule(rule.key(), text);
        }
    }
}
