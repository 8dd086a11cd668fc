package fedbiomed.benchmarks;

import fedbiomed.vocabulary.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/** {@code ./fedbiomed bench}: measures, prints a table of what, ours, limit, ratio and goal, and writes it as JSON. */
final class Bench {
    private static final int NODES = 10;
    private static final int UPDATES = 20;
    private static final int QUICK_MEBIBYTES = 40;
    private static final int WHOLE_MEBIBYTES = 400;

    private Bench() {}

    /** @param args the launcher; {@code --quick} for smaller models */
    static void main(String[] args) throws IOException, InterruptedException {
        var launcher = Path.of(args[0]).toAbsolutePath();
        boolean quick = List.of(args).contains("--quick");
        var folder = Files.createTempDirectory("fedbiomed-bench");
        var measured = new ArrayList<Measurement>();
        try {
            System.out.println(Measurement.header());
            show(measured, new AtRest(launcher, Files.createDirectory(folder.resolve("parties"))).run());
            show(measured, new SmallRound(launcher, Files.createDirectory(folder.resolve("small")), NODES).run());
            show(
                    measured,
                    new Aggregation(
                                    Files.createDirectory(folder.resolve("updates")),
                                    quick ? QUICK_MEBIBYTES : WHOLE_MEBIBYTES,
                                    UPDATES)
                            .run());
        } finally {
            Aggregation.deleteTree(folder);
        }
        write(Path.of("bench.json"), measured);
    }

    private static void show(List<Measurement> all, List<Measurement> some) {
        some.forEach(one -> System.out.println(one.line()));
        all.addAll(some);
    }

    private static void write(Path file, List<Measurement> measured) throws IOException {
        var result = new LinkedHashMap<String, Object>();
        result.put(
                "date",
                Clock.systemUTC().instant().truncatedTo(ChronoUnit.SECONDS).toString());
        result.put("cores", Runtime.getRuntime().availableProcessors());
        result.put("java", Runtime.version().toString());
        result.put(
                "os",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"));
        result.put("measured", measured);
        Files.write(file, Json.text(result).getBytes(StandardCharsets.UTF_8));
        System.out.println("Also in " + file.toAbsolutePath() + ".");
    }
}
