package fedbiomed.data.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Fuzzing that is guided by coverage (Jazzer, libFuzzer): it finds the branches that damage at random does not reach.
 * Memory is bounded, and an input that takes longer than a minute is a failure.
 */
class JazzerTest {
    private static final int MEGABYTES = 2_048;
    /**
     * A Parquet page may claim 2 GiB, which DuckDB allocates beside its own limit before it finds the file damaged; at a node
     * the reading process's limit (worker_memory) stands above it.
     */
    private static final int PARQUET_MEGABYTES = 4_096;

    @TempDir
    Path folder;

    @Test
    void noInputCrashesAReader() throws IOException, InterruptedException {
        int number = 0;
        for (var reader : FuzzedReader.values()) {
            for (var valid : reader.valid()) {
                var input = new byte[valid.length + 1];
                input[0] = (byte) reader.ordinal();
                System.arraycopy(valid, 0, input, 1, valid.length);
                Files.write(corpus().resolve("valid-" + number++), input);
            }
        }
        fuzz(null, 2_500);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("campaign")
    void noneOfACampaignsInputsCrashesTheReader(FuzzedReader reader) throws IOException, InterruptedException {
        int number = 0;
        for (var valid : reader.valid()) {
            Files.write(corpus().resolve("valid-" + number++), valid);
        }
        fuzz(reader, 1_000_000);
    }

    private Path corpus() throws IOException {
        return Files.createDirectories(folder.resolve("corpus"));
    }

    private void fuzz(@Nullable FuzzedReader reader, int inputs) throws IOException, InterruptedException {
        var log = folder.resolve("log").toFile();
        var process = new ProcessBuilder(command(reader, inputs))
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start();
        int exit;
        try {
            exit = process.waitFor();
        } finally {
            process.destroyForcibly();
        }
        var lines = Files.readAllLines(log.toPath());
        var last = String.join("\n", lines.subList(Math.max(0, lines.size() - 80), lines.size()));
        assertThat(exit).as(last).isZero();
        assertThat(last).contains("Done " + inputs + " runs");
    }

    private List<String> command(@Nullable FuzzedReader reader, int inputs) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx1g", "-XX:-OmitStackTraceInFastThrow", "--enable-native-access=ALL-UNNAMED"));
        command.add("-D" + FuzzTarget.FOLDER + "=" + folder);
        if (reader != null) {
            command.add("-D" + FuzzTarget.READER + "=" + reader);
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add("com.code_intelligence.jazzer.Jazzer");
        command.addAll(List.of(
                "--target_class=" + FuzzTarget.class.getName(),
                "--instrumentation_includes=fedbiomed.data.**:fedbiomed.parameters.**",
                // it fails on DuckDB's statements, and no input becomes SQL
                "--disabled_hooks=com.code_intelligence.jazzer.sanitizers.SqlInjection",
                "--reproducer_path=" + folder,
                "-artifact_prefix=" + folder + "/",
                "-seed=1",
                "-runs=" + inputs,
                "-timeout=60",
                "-rss_limit_mb=" + (reader == null || reader == FuzzedReader.PARQUET ? PARQUET_MEGABYTES : MEGABYTES),
                corpus().toString()));
        return command;
    }
}
