package fedbiomed.simulation;

import fedbiomed.node.NodeConfig;
import fedbiomed.node.policy.Policy;
import fedbiomed.training.plan.PlanSource;
import fedbiomed.vocabulary.PartyId;
import java.time.Clock;
import java.util.function.Predicate;

/**
 * What a simulation is made of, beside its folder; see {@link SimulationBuilder}.
 *
 * @param approved which plans the nodes' data managers approve
 */
record SimulationSettings(
        long seed,
        PartyId researcher,
        Policy policy,
        NodeConfig config,
        int parallelism,
        Predicate<PlanSource> approved,
        Clock clock) {}
