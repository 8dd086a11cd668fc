import fedbiomed.researcher.aggregator.AdaptiveFedOpt;
import fedbiomed.researcher.aggregator.Aggregator;
import fedbiomed.researcher.aggregator.FedAvg;
import fedbiomed.researcher.aggregator.FedProx;
import fedbiomed.researcher.aggregator.Scaffold;
import fedbiomed.researcher.experiment.Experiment;
import fedbiomed.simulation.SimulatedFederation;
import fedbiomed.simulation.split.Partition;
import fedbiomed.simulation.split.TableSplit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Five aggregators on the same data: breast-cancer.csv, split over ten simulated hospitals with unlike shares of either
 * diagnosis. Writes the log loss of each round's model as losses.csv and as a drawing, losses.svg.
 *
 * <pre>fedbiomed java examples/aggregators/Compare.java [rounds] [folder]</pre>
 */
class Compare {
    private static final int NODES = 10;
    private static final String[] COLOURS = {"#1b6ca8", "#c0392b", "#1e8449", "#8e44ad", "#b9770e"};

    public static void main(String[] arguments) throws IOException {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 20;
        Path folder = Path.of(arguments.length > 1 ? arguments[1] : "compared").toAbsolutePath();
        Path data = Path.of(System.getProperty("fedbiomed.examples"), "breast-cancer");
        List<Aggregator> aggregators = List.of(
                new FedAvg(), new FedProx(0.1), new Scaffold(), AdaptiveFedOpt.fedYogi(0.1), new HalfWay(0.5));
        Map<String, List<Double>> losses = new LinkedHashMap<>();
        try (var federation =
                SimulatedFederation.builder(folder.resolve("federation")).seed(1).open()) {
            federation.addNodes(
                    TableSplit.of(data.resolve("breast-cancer.csv"), NODES)
                            .partition(Partition.dirichlet(0.3, "diagnosis")),
                    "breast-cancer");
            for (Aggregator aggregator : aggregators) {
                losses.put(aggregator.name(), losses(federation, aggregator, data, rounds, folder));
            }
        }
        write(losses, rounds, folder);
    }

    private static List<Double> losses(
            SimulatedFederation federation, Aggregator aggregator, Path data, int rounds, Path folder) {
        Experiment experiment = Experiment.builder(federation.researcher())
                .tags("breast-cancer")
                .plan(data.resolve("BreastCancerPlan.java"))
                .modelArgs(Map.of("loss", "log_loss", "learning_rate", "constant", "eta0", 0.05, "alpha", 0.0001))
                .trainingArgs(args -> args.numUpdates(20).batchSize(8).testRatio(0.25).testOnGlobalUpdates(true))
                .aggregator(aggregator)
                .rounds(rounds)
                .seed(42)
                .folder(folder.resolve(aggregator.name()))
                .build();
        experiment.run();
        List<Double> losses = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            losses.add(experiment.summary(round).pooledGlobal().get("log_loss"));
        }
        losses.add(experiment.finalTest().orElseThrow().pooled().get("log_loss"));
        System.out.printf("%-10s log loss %.4f after %d rounds%n", aggregator.name(), losses.getLast(), rounds);
        return losses;
    }

    private static void write(Map<String, List<Double>> losses, int rounds, Path folder) throws IOException {
        StringBuilder csv = new StringBuilder("round," + String.join(",", losses.keySet()) + "\n");
        for (int round = 0; round <= rounds; round++) {
            csv.append(round);
            for (List<Double> curve : losses.values()) {
                csv.append(',').append(curve.get(round));
            }
            csv.append('\n');
        }
        Files.writeString(folder.resolve("losses.csv"), csv);
        Files.writeString(folder.resolve("losses.svg"), drawing(losses, rounds));
        System.out.println("Drawn: " + folder.resolve("losses.svg"));
    }

    /** The loss from 0 to that of the untrained model, upwards; rounds to the right. */
    private static String drawing(Map<String, List<Double>> losses, int rounds) {
        double highest = losses.values().stream()
                .mapToDouble(List::getFirst)
                .max()
                .orElseThrow();
        StringBuilder svg = new StringBuilder("""
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 360" font-family="sans-serif" font-size="13">
                <rect width="640" height="360" fill="white"/>
                <path d="M50 20V320H500" fill="none" stroke="#888"/>
                <text x="50" y="14">log loss on held-out rows (top: %.3f)</text>
                <text x="440" y="340">round %d</text>
                <text x="44" y="340">0</text>
                """.formatted(highest, rounds));
        int line = 0;
        for (Map.Entry<String, List<Double>> curve : losses.entrySet()) {
            StringBuilder points = new StringBuilder();
            for (int round = 0; round <= rounds; round++) {
                double height = 300 * Math.min(1, curve.getValue().get(round) / highest);
                points.append("%.1f,%.1f ".formatted(50 + 450.0 * round / rounds, 320 - height));
            }
            String colour = COLOURS[line % COLOURS.length];
            svg.append("<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>%n".formatted(points, colour));
            svg.append("<text x=\"510\" y=\"%d\" fill=\"%s\">%s %.3f</text>%n".formatted(
                    40 + 20 * line++, colour, curve.getKey(), curve.getValue().getLast()));
        }
        return svg.append("</svg>\n").toString();
    }
}
