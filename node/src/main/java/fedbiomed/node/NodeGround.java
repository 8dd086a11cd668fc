package fedbiomed.node;

import fedbiomed.node.policy.PolicySource;
import fedbiomed.node.policy.UsageLedger;
import fedbiomed.node.registry.ContentReader;
import fedbiomed.node.registry.PlanRegistry;
import fedbiomed.node.registry.ReviewedPlan;
import fedbiomed.node.round.Declarations;
import fedbiomed.node.round.JobFolders;
import fedbiomed.node.round.Permission;
import fedbiomed.node.round.Workers;
import fedbiomed.node.state.NodeDatabase;
import fedbiomed.node.state.RequestJournal;
import fedbiomed.protocol.ConnectionProblem;
import fedbiomed.protocol.Federation;
import fedbiomed.protocol.audit.AuditTrail;
import fedbiomed.protocol.identity.TrustedParties;
import fedbiomed.protocol.store.ParameterStore;
import java.io.IOException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What a node stands on: how it speaks, where models travel, who does the work, and how lastingly it remembers. A
 * hospital's is {@link NodeHome}; a simulation brings its own.
 *
 * @param journal of requests, as lasting as the node is to be
 * @param usage what the policy's limits are held against
 * @param reader describes datasets
 * @param workers made with what says whether work may go on
 * @param plans told of each plan that a researcher has sent
 * @param connectionProblem why there is no connection, where there is none
 */
public record NodeGround(
        JobFolders work,
        TrustedParties trusted,
        NodeDatabase database,
        RequestJournal journal,
        UsageLedger usage,
        AuditTrail audit,
        Federation federation,
        ParameterStore store,
        PolicySource policy,
        ContentReader reader,
        Function<Permission, Workers> workers,
        Declarations declarations,
        BiConsumer<PlanRegistry, ReviewedPlan> plans,
        Supplier<ConnectionProblem> connectionProblem) {
    /** Makes it. */
    public interface Opening {
        /** @param opened is given what is to be closed with the node, the last first */
        NodeGround open(Consumer<AutoCloseable> opened) throws IOException;
    }
}
