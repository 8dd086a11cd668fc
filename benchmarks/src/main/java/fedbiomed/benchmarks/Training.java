package fedbiomed.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Training beside Python: {@code benchmarks/peers/run.sh training}. A warm worker of ours and a Python process (PyTorch,
 * scikit-learn) train the same model on the same files in turns, each with one thread; compared are samples a second of
 * the training loop, the median of the rounds.
 */
final class Training {
    private static final int WARM = 2;
    private static final int ROUNDS = 7;

    private Training() {}

    /** @param args the checkout's folder; a Python interpreter that has both libraries; names of cases (none: all) */
    static void main(String[] args) throws IOException {
        var checkout = Path.of(args[0]).toAbsolutePath();
        var python = args[1];
        var wanted = List.of(args).subList(2, args.length);
        var folder = Files.createTempDirectory("fedbiomed-training");
        try {
            System.out.println(Measurement.header());
            for (var trained : TrainingCases.all(checkout, folder)) {
                if (wanted.isEmpty() || wanted.contains(trained.name())) {
                    System.out.println(compared(trained, checkout, python, folder));
                }
            }
        } finally {
            Aggregation.deleteTree(folder);
        }
    }

    private static String compared(TrainingCases.Case trained, Path checkout, String python, Path folder)
            throws IOException {
        var ours = new ArrayList<Double>();
        var theirs = new ArrayList<Double>();
        try (var worker = new WarmWorker(trained, Files.createDirectory(folder.resolve(trained.name())));
                var peer = new PythonPeer(trained, checkout, python)) {
            for (int round = 0; round < WARM; round++) {
                worker.samplesPerSecond();
                peer.samplesPerSecond();
            }
            var begin = cpu(worker.process());
            var peersBegin = cpu(peer.process.toHandle());
            for (int round = 0; round < ROUNDS; round++) {
                ours.add(worker.samplesPerSecond());
                theirs.add(peer.samplesPerSecond());
            }
            double cpuRatio = cpu(peer.process.toHandle()).minus(peersBegin).toNanos()
                    / (double) cpu(worker.process()).minus(begin).toNanos();
            var measured = Measurement.throughput(
                    trained.what(), median(ours), "1/s", median(theirs), peer.version(), trained.goal());
            return measured.line() + "  " + peer.version() + spread(ours, theirs, cpuRatio);
        }
    }

    private static double median(List<Double> values) {
        var sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    /** Of the process since it began; of ours everything counts, reading the data and writing the model, too. */
    private static Duration cpu(ProcessHandle process) {
        return process.info().totalCpuDuration().orElseThrow();
    }

    /** Of the rounds' own ratios: how much the machine's noise makes of them. */
    private static String spread(List<Double> ours, List<Double> theirs, double cpuRatio) {
        var ratios = new double[ours.size()];
        Arrays.setAll(ratios, i -> ours.get(i) / theirs.get(i));
        Arrays.sort(ratios);
        return String.format(
                Locale.ROOT,
                "; a round's ratio %.2f to %.2f; samples a second of CPU %.2f",
                ratios[0],
                ratios[ratios.length - 1],
                cpuRatio);
    }

    /** A Python process that trains the case whenever a line comes, and says how many seconds that took. */
    private static final class PythonPeer implements AutoCloseable {
        private final TrainingCases.Case trained;
        private final Process process;
        private final BufferedReader says;
        private final String version;

        PythonPeer(TrainingCases.Case trained, Path checkout, String python) throws IOException {
            this.trained = trained;
            process = new ProcessBuilder(
                            python,
                            checkout.resolve("benchmarks/peers/training.py").toString(),
                            trained.name(),
                            trained.data().path().toString(),
                            String.valueOf(trained.batchSize()),
                            String.valueOf(trained.epochs()))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            says = process.inputReader();
            version = line();
        }

        String version() {
            return version;
        }

        double samplesPerSecond() throws IOException {
            process.outputWriter().write("train\n");
            process.outputWriter().flush();
            return trained.samples() / Double.parseDouble(line());
        }

        private String line() throws IOException {
            var line = says.readLine();
            if (line == null) {
                throw new IOException("the Python process ended; what it said is above");
            }
            return line;
        }

        @Override
        public void close() {
            process.destroy();
        }
    }
}
