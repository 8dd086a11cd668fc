package fedbiomed.node.round;

import fedbiomed.node.policy.MinimumSamples;
import fedbiomed.node.policy.Policy;
import fedbiomed.node.policy.PolicyGate;
import fedbiomed.node.policy.Situation.Moment;
import fedbiomed.node.policy.Situation.Work;
import fedbiomed.node.policy.UsageLedger;
import fedbiomed.node.registry.DatasetRegistry;
import fedbiomed.node.registry.PlanRegistry;
import fedbiomed.node.registry.RegisteredDataset;
import fedbiomed.node.registry.ReviewedPlan;
import fedbiomed.node.state.StoredRequest;
import fedbiomed.protocol.identity.Fingerprint;
import fedbiomed.protocol.identity.TrustedParties;
import fedbiomed.protocol.message.Job;
import fedbiomed.protocol.message.MessageCodec;
import fedbiomed.protocol.message.Request;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.PlanId;
import fedbiomed.vocabulary.PlanStatus;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a job may be done here: is its researcher trusted, its dataset shared and unchanged, its plan approved, and
 * does the node's policy allow it.
 */
public final class Permission {
    private static final Logger LOG = LoggerFactory.getLogger(Permission.class);

    private final TrustedParties trusted;
    private final DatasetRegistry datasets;
    private final PlanRegistry plans;
    private final PartyId node;
    private final SandboxKind sandbox;
    private final PolicyGate policy;

    public Permission(
            TrustedParties trusted,
            DatasetRegistry datasets,
            PlanRegistry plans,
            PartyId node,
            SandboxKind sandbox,
            PolicyGate policy) {
        this.trusted = trusted;
        this.datasets = datasets;
        this.plans = plans;
        this.node = node;
        this.sandbox = sandbox;
        this.policy = policy;
    }

    /**
     * What a permitted job works with.
     *
     * @param minimum how few rows what leaves may be about
     * @param metricsLeave whether losses and test results may leave
     */
    record Grant(RegisteredDataset dataset, ReviewedPlan plan, MinimumSamples minimum, boolean metricsLeave) {}

    /** @throws FedbiomedException saying which condition does not hold, and who does what about it */
    Grant require(StoredRequest request, Job job, Work work) {
        requireTrusted(request.researcher(), request.fingerprint());
        var dataset = shared(request.researcher(), job.participant().dataset());
        var rules = policy.require(request.researcher(), dataset.description(), work, Moment.BEGIN, request.id());
        if (!dataset.description().fingerprint().equals(job.fingerprint())) {
            throw new FedbiomedException(
                    ErrorCode.DATASET_CHANGED,
                    "dataset " + dataset.id() + " at node '" + node
                            + "' has another content than this request was made for; look at it anew ('fedbiomed"
                            + " datasets') and begin a new experiment with it");
        }
        var plan = requireApproved(job.plan(), request.researcher());
        requireSandboxFor(plan);
        var grant = grant(datasets.requireUnchanged(dataset), plan, rules);
        grant.minimum()
                .requireRows(
                        "dataset " + dataset.id(), grant.dataset().description().rows());
        return grant;
    }

    /** The error names no dataset that a search would not find. */
    private RegisteredDataset shared(PartyId researcher, String id) {
        return datasets.find(id)
                .orElseThrow(() -> DatasetRegistry.unknown(
                        id,
                        datasets.list().stream()
                                .filter(dataset -> policy.shows(researcher, dataset.description()))
                                .map(RegisteredDataset::id)
                                .toList()));
    }

    private Grant grant(RegisteredDataset dataset, ReviewedPlan plan, Policy rules) {
        var description = dataset.description();
        return new Grant(
                dataset,
                plan,
                new MinimumSamples(rules.minimumSamples(description.id(), description.name()), node),
                rules.metricsLeave(description.id(), description.name()));
    }

    /** The last look before work: counts it as begun. */
    void begin(StoredRequest request, Grant grant, Work work) {
        policy.begin(request.researcher(), grant.dataset().description(), work, request.id());
    }

    /** Its working time goes on until this is closed. */
    UsageLedger.Meter measure(StoredRequest request, Grant grant) {
        return policy.measure(request.researcher(), grant.dataset().description(), request.id());
    }

    /**
     * The last look before results leave: what was allowed when work began may have been withdrawn.
     *
     * @return the grant as it is now
     */
    Grant requireLeaving(StoredRequest request, Grant grant, Work work) {
        requireTrusted(request.researcher(), request.fingerprint());
        requireApproved(grant.plan().id(), request.researcher());
        var description = shared(request.researcher(), grant.dataset().id()).description();
        return grant(
                grant.dataset(),
                grant.plan(),
                policy.require(request.researcher(), description, work, Moment.LEAVING, request.id()));
    }

    /**
     * Whether the answer that is kept for a finished training may be sent, perhaps once more: whom the data manager no
     * longer trusts, or shares the dataset with, gets nothing. Says so in the log.
     */
    public boolean answerMayLeave(StoredRequest request) {
        try {
            requireTrusted(request.researcher(), request.fingerprint());
            if (MessageCodec.decode(request.body()) instanceof Request.Train(var job)) {
                requireShared(request.researcher(), job.participant().dataset());
            }
            return true;
        } catch (FedbiomedException e) {
            LOG.info("the answer to {} is kept back: {}", request.id(), e.text());
            return false;
        }
    }

    /**
     * That the policy shares the dataset with the researcher, if it is here at all.
     *
     * @throws FedbiomedException if it does not
     */
    public void requireShared(PartyId researcher, String dataset) {
        // who, and neither what nor when nor how much
        datasets.find(dataset)
                .ifPresent(here -> policy.require(researcher, here.description(), Work.CHECK, Moment.LEAVING, null));
    }

    /** Whether losses and test results of the dataset may leave now; not while it is unknown. */
    boolean metricsLeave(Grant grant) {
        try {
            var description = grant.dataset().description();
            return policy.policy().metricsLeave(description.id(), description.name());
        } catch (FedbiomedException e) {
            return false;
        }
    }

    private void requireTrusted(PartyId researcher, Fingerprint fingerprint) {
        var entry = trusted.entry(researcher);
        if (entry == null || entry.revoked() || !fingerprint.equals(entry.trusted())) {
            throw new FedbiomedException(
                    ErrorCode.UNTRUSTED_SENDER,
                    "node '" + node + "' no longer trusts researcher '" + researcher
                            + "' with these keys; ask its data manager");
        }
    }

    private ReviewedPlan requireApproved(PlanId id, PartyId researcher) {
        var plan = plans.find(id)
                .orElseThrow(() -> new FedbiomedException(
                        ErrorCode.PLAN_UNKNOWN,
                        "node '" + node + "' has never been sent the plan " + id.abbreviated()
                                + "; ask for a review ('fedbiomed check --ask', 'fedbiomed run' does it by itself), then its"
                                + " data manager runs 'fedbiomed node plan approve "
                                + id.abbreviated() + "'"));
        return switch (plan.status()) {
            case APPROVED -> requireWhole(plan);
            case REJECTED ->
                throw new FedbiomedException(
                        ErrorCode.PLAN_REJECTED,
                        "the data manager of node '" + node + "' has rejected the plan " + named(plan)
                                + (plan.decisionNote().isEmpty() ? "" : ", saying: " + plan.decisionNote())
                                + ". Talk to them, or send another plan");
            case PENDING, UNKNOWN -> {
                if (needsNoApproval(plan, researcher)) {
                    yield requireWhole(plan);
                }
                throw new FedbiomedException(
                        ErrorCode.PLAN_PENDING,
                        "the plan " + named(plan) + " waits for review at node '" + node
                                + "'; its data manager runs 'fedbiomed node plan show " + id.abbreviated()
                                + "' and 'fedbiomed node plan approve " + id.abbreviated() + "'");
            }
        };
    }

    /**
     * Whether that researcher's own plan runs though nobody has read it: by the policy, in a sandbox that does not rest on
     * the plan's bytecode, and without code that the check of bytecode cannot see.
     */
    public boolean needsNoApproval(ReviewedPlan plan, PartyId researcher) {
        return plan.status() == PlanStatus.PENDING
                && sandbox == SandboxKind.BUBBLEWRAP
                && plan.researcher().equals(researcher)
                && !plan.source().namesTorchScript()
                && policy.policy().mayRunUnapproved(researcher);
    }

    /** A TorchScript network is code that no check of bytecode sees, with operators for files. */
    private void requireSandboxFor(ReviewedPlan plan) {
        if (sandbox == SandboxKind.JVM_ONLY && plan.source().namesTorchScript()) {
            throw new FedbiomedException(
                    ErrorCode.POLICY,
                    "node '" + node + "' runs no TorchScript, as the plan " + named(plan)
                            + " brings it: it has no sandbox that would keep TorchScript from files (sandbox: jvm-only)."
                            + " Its data manager installs bubblewrap and sets 'sandbox: bubblewrap', or you write the"
                            + " network as a TorchPlan");
        }
    }

    /** What runs is what was read: a text that somebody changed in the node's state has another id. */
    private ReviewedPlan requireWhole(ReviewedPlan plan) {
        if (!plan.source().id().equals(plan.id())) {
            throw new FedbiomedException(
                    ErrorCode.PLAN_INVALID,
                    "node '" + node + "' holds another text, or other attachments, of the plan " + named(plan)
                            + " than was approved; its data manager restores the node's state from a backup");
        }
        return plan;
    }

    private static String named(ReviewedPlan plan) {
        return plan.className() + " (" + plan.id().abbreviated() + ")";
    }

    /** Why work of this key may no longer go on; empty while it may. Reads no dataset. */
    public Optional<FedbiomedException> withdrawn(WorkerKey key) {
        try {
            requireTrusted(key.researcher(), key.fingerprint());
            requireApproved(key.plan(), key.researcher());
            var dataset = shared(key.researcher(), key.dataset()).description();
            policy.require(key.researcher(), dataset, Work.TRAIN, Moment.GOING_ON, null);
            return Optional.empty();
        } catch (FedbiomedException e) {
            return e.code() == ErrorCode.INTERNAL ? Optional.empty() : Optional.of(e);
        }
    }
}
