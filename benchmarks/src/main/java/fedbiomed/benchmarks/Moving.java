package fedbiomed.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A model up to the store and down from it, sealed, over TLS: each way in a JVM of its own that has done nothing before, as
 * a party's first transfer. The limit is what each side must do with every byte (read and hash it, seal it, hash what was
 * sealed, encrypt it for TLS), each measured alone, in a JVM as fresh, in the same run, and added up.
 */
final class Moving {
    private static final int MEBIBYTE = 1 << 20;
    private static final double MEGA = 1e6;
    private static final int REPETITIONS = 3;
    private static final double GOAL = 0.6;
    private static final String NODE = "east";

    private final Path launcher;
    private final Path folder;
    private final int mebibytes;

    /** @param launcher the {@code fedbiomed} of a built checkout */
    Moving(Path launcher, Path folder, int mebibytes) {
        this.launcher = launcher;
        this.folder = folder;
        this.mebibytes = mebibytes;
    }

    List<Measurement> run() throws IOException, InterruptedException {
        var model = model();
        double bytes = Files.size(model);
        try (var parties = new Parties(launcher, folder)) {
            parties.startNetwork();
            parties.enrolResearcher();
            parties.enrolNode(NODE);
            double up = Double.MAX_VALUE;
            double down = Double.MAX_VALUE;
            double passes = Double.MAX_VALUE;
            for (int i = 0; i < REPETITIONS; i++) {
                touch(model, i);
                passes = Math.min(passes, java(MandatoryPasses.class, model.toString()));
                up = Math.min(up, move("send", parties.researcherHome(), model));
                var fetched = folder.resolve("fetched");
                down = Math.min(down, move("fetch", folder.resolve(NODE), fetched));
                if (Files.mismatch(model, fetched) >= 0) {
                    throw new IllegalStateException("another content arrived");
                }
                for (var left : List.of("fetched", "model.sealed", "model.sealed.key")) {
                    Files.deleteIfExists(folder.resolve(left));
                }
            }
            var limit = "hash, seal, hash, TLS records: each alone in a fresh JVM, added up";
            double most = bytes / passes / MEGA;
            return List.of(
                    Measurement.throughput(
                            "a model of " + mebibytes + " MiB up", bytes / up / MEGA, "MB/s", most, limit, GOAL),
                    Measurement.throughput(
                            "a model of " + mebibytes + " MiB down", bytes / down / MEGA, "MB/s", most, limit, GOAL));
        }
    }

    /** In seconds. */
    private double move(String way, Path home, Path model) throws IOException, InterruptedException {
        return java(
                MoveModel.class,
                way,
                "sealed",
                home.toString(),
                model.toString(),
                folder.resolve("reference.json").toString(),
                NODE);
    }

    /** What a program prints, in a JVM with this one's options, which are a party's, and a heap smaller than the larger models. */
    private static double java(Class<?> main, String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-Xmx256m", "-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.waitFor() != 0) {
            throw new IllegalStateException(main.getSimpleName() + " failed: " + said);
        }
        return Double.parseDouble(said);
    }

    private Path model() throws IOException {
        var random = new Random(1);
        var block = new byte[MEBIBYTE];
        var file = folder.resolve("model");
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
            file.write(ByteBuffer.allocate(Integer.BYTES).putInt(0, number + 1), 0);
        }
    }
}
