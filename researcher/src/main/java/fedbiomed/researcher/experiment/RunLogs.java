package fedbiomed.researcher.experiment;

import fedbiomed.researcher.monitor.TensorBoardFolder;
import fedbiomed.vocabulary.Scalar;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All that keep a running experiment's numbers. One that cannot write is left out from then on: the experiment goes on. */
final class RunLogs implements RunLog {
    private static final Logger LOG = LoggerFactory.getLogger(RunLogs.class);

    private final List<RunLog> logs = new ArrayList<>();
    private final Consumer<String> notice;

    private RunLogs(Consumer<String> notice) {
        this.notice = notice;
    }

    /** @param notice told what a person should know */
    static RunLogs open(ExperimentFolder folder, Clock clock, Consumer<String> notice) {
        var logs = new RunLogs(notice);
        logs.logs.add(new MetricsLog(folder.metrics()));
        logs.logs.add(new TensorBoardLog(folder, new TensorBoardFolder(folder.tensorBoard(), clock)));
        return logs;
    }

    @Override
    public void add(Scalar scalar) {
        each(log -> log.add(scalar));
    }

    @Override
    public void add(RoundSummary summary) {
        each(log -> log.add(summary));
    }

    @Override
    public void addFinalTest(int round, Evaluation test) {
        each(log -> log.addFinalTest(round, test));
    }

    private void each(Consumer<RunLog> call) {
        for (var log : List.copyOf(logs)) {
            try {
                call.accept(log);
            } catch (UncheckedIOException e) {
                logs.remove(log);
                close(log);
                notice.accept(e.getMessage() + " (" + Objects.toString(e.getCause())
                        + "): numbers are no longer kept there; look at the disk. The experiment goes on");
            }
        }
    }

    private static void close(RunLog log) {
        try {
            log.close();
        } catch (UncheckedIOException e) {
            LOG.warn("{}", e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        logs.forEach(RunLogs::close);
    }
}
