package fedbiomed.simulation.fedprox;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.parameters.Safetensors;
import fedbiomed.researcher.aggregator.FedAvg;
import fedbiomed.researcher.aggregator.FedProx;
import fedbiomed.researcher.experiment.Experiment;
import fedbiomed.researcher.strategy.Candidate;
import fedbiomed.researcher.strategy.Selection;
import fedbiomed.researcher.strategy.Strategy;
import fedbiomed.simulation.Behaviour;
import fedbiomed.simulation.SimulatedFederation;
import fedbiomed.simulation.fedprox.Devices.Method;
import fedbiomed.simulation.fedprox.Synthetic.Device;
import fedbiomed.vocabulary.Participant;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** FedProx's paper in little; {@link FedProxCurvesTest} has all of it. */
class FedProxPaperTest {
    static final Method FEDAVG = new Method("FedAvg", new FedAvg(), false);
    static final Method FEDPROX_0 = new Method("FedProx, mu = 0", new FedProx(0), true);
    static final Method FEDPROX_1 = new Method("FedProx, mu = 1", new FedProx(1), true);

    /** Of the data and of the stragglers. */
    private static final long SEED = 2;

    private static final List<Device> DATA = Synthetic.ONE_ONE.devices(SEED);

    @TempDir
    static Path folder;

    /** Each a node with its file; nothing is asked yet. */
    private static SimulatedFederation federation;

    private static Devices devices;

    @BeforeAll
    static void write() throws IOException {
        federation = SimulatedFederation.builder(folder.resolve("federation")).open();
        for (int k = 0; k < DATA.size(); k++) {
            var csv = folder.resolve(Devices.name(k) + ".csv");
            DATA.get(k).write(csv);
            federation.addNode(Devices.name(k), csv, "synthetic");
        }
        devices = new Devices(
                folder,
                DATA,
                SEED,
                k -> federation
                        .node(Devices.name(k))
                        .node()
                        .datasets()
                        .list()
                        .getFirst()
                        .description()
                        .id());
    }

    @AfterAll
    static void close() {
        federation.close();
    }

    @Test
    void withNineOfTenStragglersFedProxIsBelowFedAvg() throws IOException {
        var schedule = new Schedule(SEED, 0.9);
        double dropped = devices.run(FEDAVG, schedule, 10).getLast();
        double kept = devices.run(FEDPROX_0, schedule, 10).getLast();
        double held = devices.run(FEDPROX_1, schedule, 10).getLast();
        System.out.printf(
                "Synthetic (1, 1), 90 %% stragglers, training loss after 10 rounds: FedAvg %.3f, FedProx %.3f (mu = 0),"
                        + " %.3f (mu = 1)%n",
                dropped, kept, held);
        assertThat(kept).isLessThan(dropped);
        assertThat(held).isLessThan(dropped);
    }

    @Test
    void withoutStragglersFedProxOfNoPullIsFedAvg() throws IOException {
        var schedule = new Schedule(SEED, 0);
        assertThat(devices.run(FEDPROX_0, schedule, 2)).isEqualTo(devices.run(FEDAVG, schedule, 2));
    }

    /** Asks whom the schedule names. */
    private record Scheduled(Schedule schedule) implements Selection {
        @Override
        public String name() {
            return "scheduled";
        }

        @Override
        public int wanted(int participants) {
            return Schedule.ASKED;
        }

        @Override
        public Collection<Participant> select(
                List<Candidate> candidates, int count, int round, RandomGenerator random) {
            var asked =
                    schedule.epochs(round).keySet().stream().map(Devices::name).toList();
            return candidates.stream()
                    .map(Candidate::participant)
                    .filter(participant -> asked.contains(participant.node().value()))
                    .toList();
        }
    }

    /** The same rounds as an experiment over simulated nodes that straggle: bit for bit the same model. */
    @Test
    void aSimulatedFederationOfStragglersGivesTheSameModel() throws IOException {
        var schedule = new Schedule(SEED, 0.9);
        for (int k = 0; k < DATA.size(); k++) {
            int device = k;
            federation
                    .node(Devices.name(k))
                    .behaviour(Behaviour.straggling(
                            (asked, round, _) -> schedule.epochs(round).getOrDefault(device, asked)));
        }
        int rounds = 2;
        var experiment = Experiment.builder(federation.researcher())
                .tags("synthetic")
                .plan(devices.planFile())
                .modelArgs(Devices.MODEL)
                .trainingArgs(Devices::arguments)
                .aggregator(FEDPROX_1.aggregator())
                .strategy(Strategy.of(new Scheduled(schedule)).deadline(Duration.ofMinutes(5)))
                .rounds(rounds)
                .seed(SEED)
                .folder(folder.resolve("experiment"))
                .build();
        experiment.run();
        devices.run(FEDPROX_1, schedule, rounds);
        try (var simulated = Safetensors.open(experiment.globalModel().file());
                var ours = Safetensors.open(devices.model())) {
            assertThat(simulated.parameters().tensors())
                    .isEqualTo(ours.parameters().tensors());
        }
    }
}
