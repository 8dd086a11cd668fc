package fedbiomed.researcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.protocol.message.ParametersRef;
import fedbiomed.protocol.store.ParameterStoreClient;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two programs that work with one researcher's home do not take each other's models away. */
class TwoProgramsTest {
    @TempDir
    private Path folder;

    private TestWorld world;
    private TestNode node;
    private Path model;
    private ParametersRef ref;

    @BeforeEach
    void aModel() throws IOException, InterruptedException {
        world = new TestWorld(folder);
        node = world.node("hospital-a", 20);
        model = Files.writeString(folder.resolve("model"), "parameters that both programs begin with");
        ref = ParameterStoreClient.reference(model);
    }

    @AfterEach
    void end() {
        world.close();
    }

    private PublishedModels.Publication publish(Researcher researcher) {
        return researcher.published().publish(model, ref, List.of(node.party));
    }

    @Test
    void whatAnotherProgramStillNeedsStays() throws Exception {
        var other = process();
        try (var own = world.researcher();
                var said = new BufferedReader(new InputStreamReader(other.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(said.readLine()).isEqualTo("published");
            publish(own).withdraw();
            node.fetch(ref);

            var again = publish(own);
            other.getOutputStream().write('\n');
            other.getOutputStream().flush();
            assertThat(said.readLine()).isEqualTo("withdrawn");
            node.fetch(ref);
            again.withdraw();
            assertThatThrownBy(() -> node.fetch(ref)).isInstanceOf(FedbiomedException.class);
        } finally {
            other.destroyForcibly().waitFor();
        }
    }

    @Test
    void whatAKilledProgramNeededDoesNotStayForIt() throws Exception {
        var killed = process();
        try (var said = new BufferedReader(new InputStreamReader(killed.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(said.readLine()).isEqualTo("published");
        } finally {
            killed.destroyForcibly().waitFor();
        }
        node.fetch(ref);
        try (var own = world.researcher()) {
            publish(own).withdraw();
        }
        assertThatThrownBy(() -> node.fetch(ref)).isInstanceOf(FedbiomedException.class);
        assertThat(world.home().resolve("published")).isDirectoryNotContaining(file -> !file.endsWith("lock"));
    }

    @Test
    void aStoppedProgramLeavesWhatMayStillBeFetched() {
        try (var own = world.researcher();
                var beside = world.researcher()) {
            var left = publish(own);
            var other = publish(beside);
            other.withdraw();
            node.fetch(ref);
            // as after Ctrl-C
            Thread.currentThread().interrupt();
            left.leave();
            assertThat(Thread.interrupted()).isTrue();
            node.fetch(ref);
        }
    }

    private Process process() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        PublishProcess.class.getName(),
                        world.home().toString(),
                        model.toString(),
                        node.party.value())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
