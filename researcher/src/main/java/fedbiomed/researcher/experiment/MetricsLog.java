package fedbiomed.researcher.experiment;

import com.fasterxml.jackson.core.JsonProcessingException;
import fedbiomed.vocabulary.Json;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.Scalar;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * {@code metrics.jsonl}: a line of JSON a number. A round that was resumed may have some twice; the later line holds.
 * {@code replies.json} has the tests' results whatever happens, so lines are not fsynced.
 */
final class MetricsLog implements RunLog {
    private final FileChannel channel;

    /** @param participant {@code null}: of all together */
    private record Line(
            int round,
            @Nullable String participant,
            String phase,
            String name,
            long iteration,
            long total,
            double value) {}

    MetricsLog(Path file) {
        try {
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            cutTornLine();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open " + file, e);
        }
    }

    /** The lines of the rounds until {@code round}. */
    static void copy(Path from, Path to, int round) throws IOException {
        try (var lines = Files.lines(from);
                var writer = Files.newBufferedWriter(to, StandardOpenOption.CREATE_NEW)) {
            for (var line : (Iterable<String>) lines::iterator) {
                if (isOf(line, round)) {
                    writer.write(line);
                    writer.write('\n');
                }
            }
        }
    }

    private static boolean isOf(String line, int round) {
        try {
            var of = Json.MAPPER.readTree(line).path("round");
            return of.isInt() && of.asInt() <= round;
        } catch (JsonProcessingException _) {
            return false; // a torn line
        }
    }

    /** A process that was killed may have left half a line. */
    private void cutTornLine() throws IOException {
        var one = ByteBuffer.allocate(1);
        long end = channel.size();
        while (end > 0) {
            one.clear();
            if (channel.read(one, end - 1) == 1 && one.get(0) == '\n') {
                break;
            }
            end--;
        }
        channel.truncate(end);
        channel.position(end);
    }

    @Override
    public void add(Scalar scalar) {
        write(new Line(
                scalar.round(),
                scalar.participant().toString(),
                scalar.phase(),
                scalar.name(),
                scalar.iteration(),
                scalar.total(),
                scalar.value()));
    }

    @Override
    public void add(RoundSummary summary) {
        summary.global()
                .forEach((participant, metrics) -> add(summary.round(), participant, RunPhases.GLOBAL_TEST, metrics));
        summary.local()
                .forEach((participant, metrics) -> add(summary.round(), participant, RunPhases.LOCAL_TEST, metrics));
        add(summary.round(), null, RunPhases.GLOBAL_TEST, summary.pooledGlobal());
        add(summary.round(), null, RunPhases.LOCAL_TEST, summary.pooledLocal());
    }

    @Override
    public void addFinalTest(int round, Evaluation test) {
        test.metrics().forEach((participant, metrics) -> add(round, participant, RunPhases.FINAL_TEST, metrics));
        add(round, null, RunPhases.FINAL_TEST, test.pooled());
    }

    private void add(int round, @Nullable Participant participant, String phase, SequencedMap<String, Double> metrics) {
        metrics.forEach((name, value) ->
                write(new Line(round, participant == null ? null : participant.toString(), phase, name, 0, 0, value)));
    }

    private synchronized void write(Line line) {
        if (!Double.isFinite(line.value())) {
            return;
        }
        try {
            var bytes = ByteBuffer.wrap((Json.text(line) + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the metrics", e);
        }
    }

    @Override
    public synchronized void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close the metrics", e);
        }
    }
}
