package fedbiomed.node.round;

import fedbiomed.node.registry.DatasetRegistry;
import fedbiomed.node.registry.PlanRegistry;
import fedbiomed.node.registry.RegisteredDataset;
import fedbiomed.node.registry.ReviewedPlan;
import fedbiomed.protocol.identity.Fingerprint;
import fedbiomed.protocol.identity.TrustedParties;
import fedbiomed.protocol.message.Job;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.PlanId;
import java.util.Optional;

/** Whether a job may be done here: is its researcher trusted, its dataset shared and unchanged, its plan approved. */
public final class Permission {
    private final TrustedParties trusted;
    private final DatasetRegistry datasets;
    private final PlanRegistry plans;
    private final PartyId node;
    private final SandboxKind sandbox;
    private final MinimumSamples minimum;

    public Permission(
            TrustedParties trusted,
            DatasetRegistry datasets,
            PlanRegistry plans,
            PartyId node,
            SandboxKind sandbox,
            int minimumSamples) {
        this.trusted = trusted;
        this.datasets = datasets;
        this.plans = plans;
        this.node = node;
        this.sandbox = sandbox;
        this.minimum = new MinimumSamples(minimumSamples, node);
    }

    /** What a permitted job works with. */
    record Grant(RegisteredDataset dataset, ReviewedPlan plan) {}

    /** @throws FedbiomedException saying which condition does not hold, and who does what about it */
    Grant require(PartyId researcher, Fingerprint fingerprint, Job job) {
        requireTrusted(researcher, fingerprint);
        var dataset = datasets.get(job.participant().dataset());
        if (!dataset.description().fingerprint().equals(job.fingerprint())) {
            throw new FedbiomedException(
                    ErrorCode.DATASET_CHANGED,
                    "dataset " + dataset.id() + " at node '" + node
                            + "' has another content than this request was made for; look at it anew ('fedbiomed"
                            + " datasets') and begin a new experiment with it");
        }
        var plan = requireApproved(job.plan());
        requireSandboxFor(plan);
        var unchanged = datasets.requireUnchanged(dataset);
        minimum.requireRows("dataset " + dataset.id(), unchanged.description().rows());
        return new Grant(unchanged, plan);
    }

    /** How few rows what leaves this node may be about. */
    MinimumSamples minimum() {
        return minimum;
    }

    private void requireTrusted(PartyId researcher, Fingerprint fingerprint) {
        var entry = trusted.entries().get(researcher);
        if (entry == null || entry.revoked() || !fingerprint.equals(entry.trusted())) {
            throw new FedbiomedException(
                    ErrorCode.UNTRUSTED_SENDER,
                    "node '" + node + "' no longer trusts researcher '" + researcher
                            + "' with these keys; ask its data manager");
        }
    }

    private ReviewedPlan requireApproved(PlanId id) {
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
            case PENDING, UNKNOWN ->
                throw new FedbiomedException(
                        ErrorCode.PLAN_PENDING,
                        "the plan " + named(plan) + " waits for review at node '" + node
                                + "'; its data manager runs 'fedbiomed node plan show " + id.abbreviated()
                                + "' and 'fedbiomed node plan approve " + id.abbreviated() + "'");
        };
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
            requireApproved(key.plan());
            datasets.get(key.dataset());
            return Optional.empty();
        } catch (FedbiomedException e) {
            return e.code() == ErrorCode.INTERNAL ? Optional.empty() : Optional.of(e);
        }
    }
}
