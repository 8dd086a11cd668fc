package fedbiomed.node.round;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.node.Sandboxes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerStarterTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    @AfterEach
    void theUsualProgram() {
        System.clearProperty(Bubblewrap.PROGRAM_PROPERTY);
    }

    @Test
    void whoIsInterruptedWhileItLooksHasFoundOutNothing() throws Exception {
        assertThat(Sandboxes.HERE).as("looked at before the program is another").isNotNull();
        var asked = folder.resolve("asked");
        var slow = Files.writeString(folder.resolve("slow"), "#!/bin/sh\necho $$ > " + asked + "\nexec sleep 600\n");
        assertThat(slow.toFile().setExecutable(true)).isTrue();
        System.setProperty(Bubblewrap.PROGRAM_PROPERTY, slow.toString());
        var settings = new WorkerSettings(
                folder,
                folder,
                folder,
                SandboxKind.BUBBLEWRAP,
                HostileWorkers.LIMITS,
                Duration.ZERO,
                0,
                1,
                true,
                GpuPolicy.NONE);
        try (var warnings = new StarterWarnings();
                var starter = new WorkerStarter(settings)) {
            var looking = Thread.ofPlatform().start(starter::announce);
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> Files.exists(asked) && Files.readString(asked).endsWith("\n"));
            var program =
                    ProcessHandle.of(Long.parseLong(Files.readString(asked).strip()));
            looking.interrupt();
            looking.join();
            assertThat(warnings.texts()).isEmpty();
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> program.filter(ProcessHandle::isAlive).isEmpty());
        }
    }

    @Test
    void aProgramThatMakesNoSandboxIsNamedWithWhatItSays() throws Exception {
        assertThat(Sandboxes.HERE).as("looked at before the program is another").isNotNull();
        var broken = Files.writeString(
                folder.resolve("broken"), "#!/bin/sh\necho 'bwrap: No permissions to create new namespace'\nexit 1\n");
        assertThat(broken.toFile().setExecutable(true)).isTrue();
        System.setProperty(Bubblewrap.PROGRAM_PROPERTY, broken.toString());
        assertThat(Bubblewrap.obstacle().orElseThrow())
                .contains("cannot make a sandbox here (bwrap: No permissions", "allow user namespaces");
    }
}
