package fedbiomed.simulation.fedprox;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.researcher.aggregator.FedAvg;
import fedbiomed.researcher.aggregator.FedProx;
import fedbiomed.simulation.fedprox.Federation.Method;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FedProxTest {
    static final Method FEDAVG = new Method("FedAvg", new FedAvg(), false);
    static final Method FEDPROX_0 = new Method("FedProx, mu 0", new FedProx(0), true);
    static final Method FEDPROX_1 = new Method("FedProx, mu 1", new FedProx(1), true);

    @TempDir
    Path folder;

    @Test
    void explore() throws IOException {
        long seed = Long.getLong("seed", 1);
        int rounds = Integer.getInteger("rounds", 20);
        for (var data : Synthetic.ALL.stream().filter(d -> d.name().matches(System.getProperty("data", ".*"))).toList()) {
            var f = folder.resolve("d" + Synthetic.ALL.indexOf(data));
            java.nio.file.Files.createDirectories(f);
            var federation = new Federation(f, data.devices(seed), Federation::node, seed);
            System.out.println(data.name() + " " + federation.loss().trainingRows());
            for (double stragglers : new double[] {0, 0.5, 0.9}) {
                for (var method : List.of(FEDAVG, FEDPROX_0, FEDPROX_1)) {
                    if (stragglers == 0 && method == FEDPROX_0) {
                        continue;
                    }
                    long start = System.nanoTime();
                    var losses = federation.run(method, new Schedule(seed, stragglers), rounds);
                    System.out.printf("%-10s %.1f %-14s %.3f mean last ten %.3f max %.3f  %.1f s%n", data.name(), stragglers, method.name(), losses.getLast(),
                        losses.subList(Math.max(0, losses.size() - 10), losses.size()).stream().mapToDouble(x -> x).average().orElse(0),
                        losses.stream().mapToDouble(x -> x).max().orElse(0), (System.nanoTime() - start) / 1e9);
                }
            }
        }
    }
}
