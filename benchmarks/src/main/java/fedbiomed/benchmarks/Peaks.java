package fedbiomed.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The most memory that was ever seen, ten times a second: {@code RssAnon}, without the pages of files that are mapped. In MiB. */
final class Peaks implements AutoCloseable {
    private static final long SAMPLED_MILLIS = 100;
    private static final String ANON = "RssAnon:";

    private static final int FAMILY_LOOKS = 10;
    private static final double KIBI = 1024;

    private final Process run;
    private final Map<String, Process> nodes;
    private final Map<String, List<Long>> families = new HashMap<>();
    private final Path firstModel;
    private final Thread sampler;
    private volatile double researcherBefore;
    private volatile double researcher;
    private volatile double node;

    /**
     * @param run the researcher's process
     * @param nodes looked at with their children, the workers
     * @param firstModel is there once the researcher has made the first model
     */
    Peaks(Process run, Map<String, Process> nodes, Path firstModel) {
        this.run = run;
        this.nodes = nodes;
        this.firstModel = firstModel;
        this.sampler = Thread.ofPlatform().daemon().start(this::sample);
    }

    /** Until the first model is there: the engine that makes it is in it. */
    double researcherBefore() {
        return researcherBefore;
    }

    /** In the rounds. */
    double researcher() {
        return researcher;
    }

    /** The largest one, with its worker. */
    double node() {
        return node;
    }

    private void sample() {
        try {
            for (int look = 0; ; look++) {
                boolean inRounds = Files.exists(firstModel);
                double now = mebibytes(List.of(run.pid()));
                if (Double.isNaN(now)) {
                    return;
                }
                if (inRounds) {
                    researcher = Math.max(researcher, now);
                } else {
                    researcherBefore = Math.max(researcherBefore, now);
                }
                // whose children are whose stands in every process of the machine: it is not asked each time
                if (look % FAMILY_LOOKS == 0) {
                    nodes.forEach((name, process) -> families.put(name, family(process)));
                }
                for (var family : families.values()) {
                    double held = mebibytes(family);
                    node = Double.isNaN(held) ? node : Math.max(node, held);
                }
                Thread.sleep(SAMPLED_MILLIS);
            }
        } catch (InterruptedException _) {
            // it is over
        }
    }

    private static List<Long> family(Process process) {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .map(ProcessHandle::pid)
                .toList();
    }

    /** NaN where none of them lives. */
    private static double mebibytes(List<Long> processes) {
        double sum = Double.NaN;
        for (long process : processes) {
            double kibibytes = AtRest.status(process, ANON);
            if (!Double.isNaN(kibibytes)) {
                sum = (Double.isNaN(sum) ? 0 : sum) + kibibytes / KIBI;
            }
        }
        return sum;
    }

    @Override
    public void close() throws InterruptedException {
        sampler.interrupt();
        sampler.join();
    }
}
