package fedbiomed.benchmarks;

import fedbiomed.network.Network;
import fedbiomed.network.NetworkConfig;
import fedbiomed.protocol.transport.EnrolmentClient;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Role;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * What sealing adds to moving a model from one party to another over the Network on loopback: a real Network, and for
 * each way a fresh JVM, plain and sealed in turn, so that noise of the machine meets both.
 */
final class SealingBenchmark {
    private static final int MEBIBYTE = 1 << 20;

    private SealingBenchmark() {}

    /** @param args mebibytes of the model (1024), repetitions (3) */
    static void main(String[] args) throws Exception {
        Logger.getLogger("").setLevel(Level.WARNING);
        int mebibytes = args.length > 0 ? Integer.parseInt(args[0]) : 1024;
        int repetitions = args.length > 1 ? Integer.parseInt(args[1]) : 3;
        var folder = Files.createTempDirectory("fedbiomed-sealing");
        var model = model(folder.resolve("model.safetensors"), mebibytes);
        var clock = Clock.systemUTC();
        Network.init(folder.resolve("network"), NetworkConfig.DEFAULTS.withPorts(0, 0), clock);
        try (var network = Network.start(folder.resolve("network"), Map.of(), clock)) {
            for (var role : List.of(Role.RESEARCHER, Role.NODE)) {
                var party = PartyId.of(role.lower());
                EnrolmentClient.enrol(network.invite(role, party), folder.resolve(party.value()), clock);
            }
            var sums = new double[2];
            System.out.printf("%-10s %8s %8s %8s%n", mebibytes + " MiB", "send s", "fetch s", "sum s");
            // the first pair warms the Network and the disk
            for (int i = 0; i <= repetitions; i++) {
                for (int seal = 0; seal < 2; seal++) {
                    double send = run(folder, model, "send", seal);
                    var fetched = folder.resolve("fetched");
                    double fetch = run(folder, fetched, "fetch", seal);
                    if (Files.mismatch(model, fetched) >= 0) {
                        throw new IllegalStateException("another content arrived");
                    }
                    for (var left : List.of("fetched", "model.sealed", "model.sealed.key")) {
                        Files.deleteIfExists(folder.resolve(left));
                    }
                    System.out.printf(
                            "%-10s %8.2f %8.2f %8.2f%s%n",
                            seal == 1 ? "sealed" : "plain", send, fetch, send + fetch, i == 0 ? "  (not counted)" : "");
                    sums[seal] += i == 0 ? 0 : send + fetch;
                    touch(model, i * 2 + seal);
                }
            }
            System.out.printf("sealing adds %.0f %%%n", 100 * (sums[1] / sums[0] - 1));
        } finally {
            deleteTree(folder);
        }
    }

    private static double run(Path folder, Path model, String way, int seal) throws IOException, InterruptedException {
        var home = folder.resolve(way.equals("send") ? "researcher" : "node");
        var process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xmx768m",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        MoveModel.class.getName(),
                        way,
                        seal == 1 ? "sealed" : "plain",
                        home.toString(),
                        model.toString(),
                        folder.resolve("reference.json").toString(),
                        "node"))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.waitFor() != 0) {
            throw new IllegalStateException(way + " failed: " + said);
        }
        return Double.parseDouble(said);
    }

    private static Path model(Path file, int mebibytes) throws IOException {
        var random = new Random(1);
        var block = new byte[MEBIBYTE];
        try (var out = Files.newOutputStream(file)) {
            for (int i = 0; i < mebibytes; i++) {
                random.nextBytes(block);
                out.write(block);
            }
        }
        return file;
    }

    /** Another content, or the store would have it already. */
    private static void touch(Path model, int number) throws IOException {
        try (var file = FileChannel.open(model, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.allocate(Integer.BYTES).putInt(0, number), 0);
        }
    }

    private static void deleteTree(Path folder) throws IOException {
        try (var all = Files.walk(folder)) {
            for (var path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
