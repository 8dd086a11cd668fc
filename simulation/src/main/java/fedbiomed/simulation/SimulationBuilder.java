package fedbiomed.simulation;

import fedbiomed.node.NodeConfig;
import fedbiomed.node.policy.Policy;
import fedbiomed.node.policy.Rules;
import fedbiomed.training.plan.PlanSource;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PartyId;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Says what a {@link SimulatedFederation} is to be; all but the folder has a default. */
public final class SimulationBuilder {
    /** No limits: whose data it is, is who trains on it. */
    private static final Policy UNLIMITED =
            new Policy(ZoneOffset.UTC, new Rules(null, null, null, 1, true, true), List.of(), Map.of(), Set.of());

    private final Path folder;
    private long seed;
    private PartyId researcher = PartyId.of("researcher");
    private Policy policy = UNLIMITED;
    private NodeConfig config = NodeConfig.DEFAULTS;
    private int parallelism = Runtime.getRuntime().availableProcessors();
    private Predicate<PlanSource> approved = _ -> true;
    private Clock clock = Clock.systemUTC();

    SimulationBuilder(Path folder) {
        this.folder = folder;
    }

    /** Of what hostile nodes draw; an experiment has a seed of its own, as everywhere. Default 0. */
    public SimulationBuilder seed(long drawn) {
        seed = drawn;
        return this;
    }

    /** The researcher's name, which is part of every request. Default {@code researcher}. */
    public SimulationBuilder researcher(String name) {
        researcher = PartyId.of(name);
        return this;
    }

    /** The policy of every node. By default there is no limit, and a single row is enough. */
    public SimulationBuilder policy(Policy everywhere) {
        policy = everywhere;
        return this;
    }

    /** The settings of every node, as far as they are not about processes. */
    public SimulationBuilder config(NodeConfig everywhere) {
        config = everywhere;
        return this;
    }

    /** How many jobs are worked on at a time. By default one for each processor. */
    public SimulationBuilder parallelism(int jobs) {
        if (jobs < 1) {
            throw new IllegalArgumentException("the number of jobs at a time is at least 1, not " + jobs);
        }
        parallelism = jobs;
        return this;
    }

    /** Which plans the nodes' data managers approve; they reject the others. By default all. */
    public SimulationBuilder approves(Predicate<PlanSource> plans) {
        approved = plans;
        return this;
    }

    public SimulationBuilder clock(Clock other) {
        clock = other;
        return this;
    }

    /**
     * Opens it, with the nodes that are in its folder already.
     *
     * @throws FedbiomedException if another program has the folder open, or it cannot be used
     */
    public SimulatedFederation open() {
        return SimulatedFederation.open(
                folder.toAbsolutePath().normalize(),
                new SimulationSettings(seed, researcher, policy, config, parallelism, approved, clock));
    }
}
