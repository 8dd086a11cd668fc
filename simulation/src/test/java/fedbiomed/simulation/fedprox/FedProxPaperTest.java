package fedbiomed.simulation.fedprox;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.researcher.aggregator.FedAvg;
import fedbiomed.researcher.aggregator.FedProx;
import fedbiomed.researcher.experiment.Experiment;
import fedbiomed.researcher.strategy.Candidate;
import fedbiomed.researcher.strategy.Selection;
import fedbiomed.researcher.strategy.Strategy;
import fedbiomed.simulation.Behaviour;
import fedbiomed.simulation.SimulatedFederation;
import fedbiomed.simulation.fedprox.Devices.Method;
import fedbiomed.vocabulary.Participant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** FedProx's paper in little; {@link FedProxCurvesTest} has all of it. */
class FedProxPaperTest {
    static final Method FEDAVG = new Method("FedAvg", new FedAvg(), false);
    static final Method FEDPROX_0 = new Method("FedProx, mu = 0", new FedProx(0), true);
    static final Method FEDPROX_1 = new Method("FedProx, mu = 1", new FedProx(1), true);

    /** Of the data and of the stragglers. */
    private static final long SEED = 2;

    @TempDir
    Path folder;

    private Devices devices() throws IOException {
        return new Devices(folder, Synthetic.ONE_ONE.devices(SEED), SEED);
    }

    @Test
    void withNineOfTenStragglersFedProxIsBelowFedAvg() throws IOException {
        var devices = devices();
        var schedule = new Schedule(SEED, 0.9);
        double dropped = devices.run(FEDAVG, schedule, 20).getLast();
        double kept = devices.run(FEDPROX_0, schedule, 20).getLast();
        double held = devices.run(FEDPROX_1, schedule, 20).getLast();
        System.out.printf(
                "Synthetic (1, 1), 90 %% stragglers, training loss after 20 rounds: FedAvg %.3f, FedProx %.3f (mu = 0),"
                        + " %.3f (mu = 1)%n",
                dropped, kept, held);
        assertThat(kept).isLessThan(dropped);
        assertThat(held).isLessThan(dropped);
    }

    @Test
    void withoutStragglersFedProxOfNoPullIsFedAvg() throws IOException {
        var devices = devices();
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
            var asked = schedule.epochs(round).keySet().stream()
                    .map(Devices::name)
                    .toList();
            return candidates.stream()
                    .map(Candidate::participant)
                    .filter(participant -> asked.contains(participant.node().value()))
                    .toList();
        }
    }

    /** The same rounds as an experiment over simulated nodes that straggle: bit for bit the same model. */
    @Test
    void aSimulatedFederationOfStragglersGivesTheSameModel() throws IOException {
        var data = Synthetic.ONE_ONE.devices(SEED);
        var schedule = new Schedule(SEED, 0.9);
        int rounds = 3;
        try (var federation =
                SimulatedFederation.builder(folder.resolve("federation")).open()) {
            for (int k = 0; k < data.size(); k++) {
                var csv = folder.resolve(Devices.name(k) + ".csv");
                data.get(k).write(csv);
                int device = k;
                federation
                        .addNode(Devices.name(k), csv, "synthetic")
                        .behaviour(Behaviour.straggling((asked, round, _) ->
                                schedule.epochs(round).getOrDefault(device, asked)));
            }
            var devices = new Devices(folder, data, SEED, k -> federation
                    .node(Devices.name(k))
                    .node()
                    .datasets()
                    .list()
                    .getFirst()
                    .description()
                    .id());
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
            var losses = devices.run(FEDPROX_1, schedule, rounds);
            assertThat(devices.loss().of(experiment.globalModel().file())).isEqualTo(losses.getLast());
        }
        assertThat(Files.exists(folder.resolve("experiment/report.html"))).isTrue();
    }
}
