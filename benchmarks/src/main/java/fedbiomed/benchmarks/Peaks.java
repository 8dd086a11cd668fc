package fedbiomed.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The most memory that was ever seen, ten times a second: {@code RssAnon}, without the pages of files that are mapped. In MiB. */
final class Peaks implements AutoCloseable {
    private static final long SAMPLED_MILLIS = 100;
    private static final String ANON = "RssAnon:";

    private final Process run;
    private final Map<String, Process> nodes;
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
            while (true) {
                boolean inRounds = Files.exists(firstModel);
                double now = AtRest.sum(run, ANON);
                if (Double.isNaN(now)) {
                    return;
                }
                if (inRounds) {
                    researcher = Math.max(researcher, now);
                } else {
                    researcherBefore = Math.max(researcherBefore, now);
                }
                for (var process : nodes.values()) {
                    node = Math.max(node, AtRest.sum(process, ANON));
                }
                Thread.sleep(SAMPLED_MILLIS);
            }
        } catch (InterruptedException _) {
            // it is over
        }
    }

    @Override
    public void close() throws InterruptedException {
        sampler.interrupt();
        sampler.join();
    }
}
