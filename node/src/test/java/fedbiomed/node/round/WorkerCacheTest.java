package fedbiomed.node.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import fedbiomed.node.Sandboxes;
import fedbiomed.training.worker.WorkerClassPath;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerCacheTest {
    /** Fails where the worker's process has not mapped a file of that name. */
    private static final String MAPPED = """
            try {
                var maps = java.nio.file.Files.readString(java.nio.file.Path.of("/proc/self/maps"));
                if (!maps.contains("worker.aot")) throw new IllegalStateException("not mapped");
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
            """;

    @TempDir
    Path folder;

    @AfterEach
    void noCache() {
        System.clearProperty(WorkerRehearsal.CACHE_PROPERTY);
    }

    @Test
    void aSandboxedWorkerStartsFromTheCacheThatARehearsalMade() throws Exception {
        assumeTrue(
                WorkerClassPath.of(System.getProperty("java.class.path")).stream()
                        .noneMatch(Files::isDirectory),
                "a cache is made of archives, and modules that were only compiled have none: run ./mvnw verify");
        var cache = folder.resolve("worker.aot");
        var work = Files.createDirectory(folder.resolve("rehearsal"));
        assertThat(WorkerRehearsal.make(cache, work, work, List.of(WorkerRehearsal.LINEAR), 2))
                .isZero();
        System.setProperty(WorkerRehearsal.CACHE_PROPERTY, cache.toString());
        assertThat(trained(HostileWorkers.doing(MAPPED))).isEqualTo(40);
    }

    @Test
    void aFileThatIsNoCacheIsNotUsed() throws Exception {
        var broken = Files.writeString(folder.resolve("worker.aot"), "no cache at all".repeat(1000));
        System.setProperty(WorkerRehearsal.CACHE_PROPERTY, broken.toString());
        assertThat(trained(HostileWorkers.doing(""))).isEqualTo(40);
    }

    @Test
    void aCacheThatIsNotThereIsNotUsed() throws Exception {
        System.setProperty(
                WorkerRehearsal.CACHE_PROPERTY, folder.resolve("worker.aot").toString());
        assertThat(trained(HostileWorkers.doing(""))).isEqualTo(40);
    }

    private long trained(String plan) throws Exception {
        var home = Files.createDirectory(folder.resolve("node"));
        try (var workers = new HostileWorkers(home, Sandboxes.HERE, HostileWorkers.LIMITS)) {
            return workers.train(plan, false).samples();
        }
    }
}
