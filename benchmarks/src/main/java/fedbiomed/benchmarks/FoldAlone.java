package fedbiomed.benchmarks;

import fedbiomed.researcher.aggregator.FedAvg;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Folds a round by FedAvg in a process of its own, whose memory is read from outside while it does. */
final class FoldAlone {
    private static final double KIBIBYTES = 1024;
    private static final int FOLDS = 3;
    private static final int LOOK_EVERY_MILLIS = 5;

    private FoldAlone() {}

    /** @param args the folder of the round's files, how many updates there are */
    static void main(String[] args) throws IOException {
        for (int i = 0; i < FOLDS; i++) {
            Aggregation.fold(new FedAvg(), Path.of(args[0]), Integer.parseInt(args[1]));
        }
    }

    /** The most that was resident of its own; mapped files' pages, which the kernel takes back at will, do not count. */
    static double mebibytes(Path files, int updates) throws IOException, InterruptedException {
        var process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xmx768m",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FoldAlone.class.getName(),
                        files.toString(),
                        String.valueOf(updates)))
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.INHERIT)
                .start();
        double most = 0;
        while (process.isAlive()) {
            most = Math.max(most, anonymous(process.pid()));
            Thread.sleep(LOOK_EVERY_MILLIS);
        }
        if (process.exitValue() != 0) {
            throw new IOException("folding in a process of its own failed; its error output is above");
        }
        return most;
    }

    private static double anonymous(long pid) throws IOException {
        var status = Path.of("/proc", String.valueOf(pid), "status");
        try {
            for (var line : Files.readAllLines(status)) {
                if (line.startsWith("RssAnon:")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) / KIBIBYTES;
                }
            }
        } catch (IOException e) {
            if (Files.exists(status)) {
                throw e;
            }
        }
        // it has just ended
        return 0;
    }
}
