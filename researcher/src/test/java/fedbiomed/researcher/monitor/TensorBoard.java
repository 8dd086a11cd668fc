package fedbiomed.researcher.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.type.TypeReference;
import fedbiomed.vocabulary.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** TensorBoard's own reader, where {@code python3} has it (pip install tensorboard). */
public final class TensorBoard {
    private static final String READ = """
            import json, sys
            from tensorboard.backend.event_processing.plugin_event_multiplexer import EventMultiplexer
            from tensorboard.util import tensor_util
            runs = EventMultiplexer()
            runs.AddRunsFromDirectory(sys.argv[1])
            runs.Reload()
            print(json.dumps({run: {tag: [[e.step, float(tensor_util.make_ndarray(e.tensor_proto))]
                                          for e in runs.Tensors(run, tag)]
                                    for tag in tags['tensors']}
                              for run, tags in runs.Runs().items()}))
            """;

    private TensorBoard() {}

    private record Run(int exit, String output) {}

    public static void assumeInstalled() throws InterruptedException {
        assumeTrue(
                python("import tensorboard.backend.event_processing.plugin_event_multiplexer")
                                .exit()
                        == 0,
                "python3 with the package tensorboard is not on the PATH");
    }

    /** By run and tag: steps and values, as TensorBoard shows them. */
    public static Map<String, Map<String, List<List<Double>>>> read(Path folder)
            throws IOException, InterruptedException {
        var run = python(READ, folder.toString());
        assertThat(run.exit()).as(run.output()).isZero();
        return Json.MAPPER.readValue(run.output(), new TypeReference<>() {});
    }

    private static Run python(String program, String... arguments) throws InterruptedException {
        var command = new java.util.ArrayList<>(List.of("python3", "-c", program));
        command.addAll(List.of(arguments));
        try {
            var process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor(1, TimeUnit.MINUTES);
            return new Run(process.exitValue(), output);
        } catch (IOException e) {
            return new Run(-1, String.valueOf(e.getMessage()));
        }
    }
}
