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
import java.util.Map;
import java.util.TreeSet;

/** {@code ./fedbiomed bench}: measures, prints a table of what, ours, limit, ratio and goal, and writes it as JSON. */
final class Bench {
    private static final int NODES = 10;
    private static final int UPDATES = 20;
    private static final int QUICK_MEBIBYTES = 40;
    private static final int WHOLE_MEBIBYTES = 400;
    private static final int QUICK_MOVED_MEBIBYTES = 200;
    private static final int MOVED_MEBIBYTES = 1024;
    private static final double SMALL_MILLIS = 60;
    /** A third of what the fastest peer took on the machine of the goal. */
    private static final double LARGE_MILLIS = 12_900 / 3.0;

    private static final double LARGE_MEBIBYTES = 300;
    private static final int LARGE_NODES = 3;

    private static final String MANY_NODES = "many-nodes";

    /** Nodes, rounds that do not count, rounds that do. */
    private static final int[][] MANY = {{10, 10, 20}, {100, 3, 9}, {1_000, 1, 3}};

    private static final int IDLE = 10_000;

    private Bench() {}

    /** @param args the launcher; {@code --quick} for smaller models; {@code --only NAME} for one of its parts, or those whose names begin so */
    static void main(String[] args) throws IOException, InterruptedException {
        var launcher = Path.of(args[0]).toAbsolutePath();
        var options = List.of(args).subList(1, args.length);
        boolean quick = options.contains("--quick");
        String only;
        try {
            only = only(options);
        } catch (IllegalArgumentException e) {
            System.err.println("fedbiomed bench: " + e.getMessage());
            System.exit(2);
            return;
        }
        var folder = Files.createTempDirectory("fedbiomed-bench");
        var measured = new ArrayList<Measurement>();
        try {
            System.out.println(Measurement.header());
            for (var part : parts(launcher, folder, quick).entrySet()) {
                if (only.isEmpty()
                        || part.getKey().equals(only)
                        || part.getKey().startsWith(only + "-")) {
                    show(measured, part.getValue().run());
                }
            }
        } finally {
            Aggregation.deleteTree(folder);
        }
        write(Path.of("bench.json"), measured);
    }

    /** What is measured, by the names that {@code --only} takes. */
    private static Map<String, Part> parts(Path launcher, Path folder, boolean quick) {
        var parts = new LinkedHashMap<String, Part>();
        parts.put("at-rest", () -> new AtRest(launcher, Files.createDirectory(folder.resolve("parties"))).run());
        parts.put(
                "small-round",
                () -> new WholeRound(
                                launcher, Files.createDirectory(folder.resolve("small")), WholeRound.Size.small(NODES))
                        .small(SMALL_MILLIS, "the goal"));
        parts.put(
                "moving",
                () -> new Moving(
                                launcher,
                                Files.createDirectory(folder.resolve("moving")),
                                quick ? QUICK_MOVED_MEBIBYTES : MOVED_MEBIBYTES)
                        .run());
        if (!quick) {
            parts.put(
                    "large-round",
                    () -> large(
                            launcher,
                            folder,
                            WholeRound.Size.large("400 MB", LARGE_NODES, 10_000, "4 GiB"),
                            LARGE_MILLIS,
                            "a third of 12.9 s, the fastest peer's round of 400 MB when the goal was set; measure it beside"
                                    + " this with benchmarks/peers/run.sh large"));
            parts.put(
                    "huge-round",
                    () -> large(
                            launcher,
                            folder,
                            WholeRound.Size.large("2 GB", LARGE_NODES, 22_360, "12 GiB"),
                            WholeRound.DEADLINE.toMillis(),
                            "its deadline: there is no goal but that it works, in the same memory"));
            many(parts, launcher, folder);
        }
        parts.put(
                "aggregation",
                () -> new Aggregation(
                                Files.createDirectory(folder.resolve("updates")),
                                quick ? QUICK_MEBIBYTES : WHOLE_MEBIBYTES,
                                UPDATES)
                        .run());
        return parts;
    }

    private static void many(Map<String, Part> parts, Path launcher, Path folder) {
        for (int[] size : MANY) {
            int nodes = size[0];
            parts.put(
                    MANY_NODES + "-" + nodes,
                    () -> new ManyNodes(
                                    launcher,
                                    Files.createDirectory(folder.resolve("nodes-" + nodes)),
                                    nodes,
                                    size[1],
                                    size[2])
                            .rounds());
        }
        parts.put(
                MANY_NODES + "-idle",
                () -> new ManyNodes(launcher, Files.createDirectory(folder.resolve("idle")), IDLE, 0, 0).idle());
    }

    private static List<Measurement> large(
            Path launcher, Path folder, WholeRound.Size size, double millis, String millisAre)
            throws IOException, InterruptedException {
        return new WholeRound(launcher, Files.createDirectory(folder.resolve("round-of-" + size.first())), size)
                .large(millis, millisAre, LARGE_MEBIBYTES);
    }

    private static String only(List<String> options) {
        int at = options.indexOf("--only");
        var name = at < 0 ? "" : at + 1 < options.size() ? options.get(at + 1) : "?";
        var known = new TreeSet<>(parts(Path.of(""), Path.of(""), false).keySet());
        known.add(MANY_NODES);
        if (!name.isEmpty() && !known.contains(name)) {
            throw new IllegalArgumentException("--only takes one of " + known + ", not '" + name + "'");
        }
        for (var option : options) {
            if (!option.equals("--quick") && !option.equals("--only") && !option.equals(name)) {
                throw new IllegalArgumentException(
                        "there is no option '" + option + "', only --quick and --only with one of " + known);
            }
        }
        return name;
    }

    private interface Part {
        List<Measurement> run() throws IOException, InterruptedException;
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
