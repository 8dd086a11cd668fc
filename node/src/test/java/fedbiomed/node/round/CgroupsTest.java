package fedbiomed.node.round;

import static fedbiomed.node.round.HostileWorkers.LIMITS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import fedbiomed.training.worker.WorkerClassPath;
import fedbiomed.training.worker.WorkerMain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written into a control group tree: into a folder that looks like one, and into the machine's where it can be. */
class CgroupsTest {
    private static final long SELF = 4711;

    @TempDir
    Path folder;

    private Path tree;
    private Path own;
    private Path service;

    @BeforeEach
    void aServiceWithGroupsOfItsOwn() throws IOException {
        tree = Files.createDirectories(folder.resolve("cgroup"));
        Files.writeString(tree.resolve("cgroup.controllers"), "cpuset cpu io memory pids\n");
        own = Files.writeString(folder.resolve("self"), "1:name=systemd:/x\n0::/system.slice/fedbiomed.service\n");
        service = Files.createDirectories(tree.resolve("system.slice/fedbiomed.service"));
        Files.writeString(service.resolve("cgroup.controllers"), "cpu memory pids\n");
        Files.writeString(service.resolve("cgroup.subtree_control"), "");
        Files.writeString(service.resolve("cgroup.procs"), SELF + "\n");
    }

    private String obstacle() {
        return Cgroups.obstacle(tree, own, SELF).orElse("none");
    }

    @Test
    void theNodeMovesAsideAndEachWorkerGetsAGroupWithItsLimits() throws IOException {
        assertThat(obstacle()).isEqualTo("none");
        var cgroups = Cgroups.open(tree, own, SELF);
        assertThat(service.resolve("node/cgroup.procs")).hasContent("4711");
        assertThat(service.resolve("cgroup.subtree_control")).content().isEqualTo("+pids"); // the last that was written
        var group = cgroups.create(folder.resolve("worker-1"), LIMITS);
        assertThat(group).isEqualTo(service.resolve("worker-1"));
        assertThat(group.resolve("memory.max")).hasContent(String.valueOf(400L << 20));
        assertThat(group.resolve("pids.max")).hasContent("108");
        assertThat(group.resolve("memory.swap.max")).doesNotExist(); // a kernel without swap accounting
    }

    /** Its process enters it a moment after it was made, and meanwhile another worker may be started. */
    @Test
    void aGroupGoesWhenItsWorkersFolderHasGone() throws IOException {
        var cgroups = Cgroups.open(tree, own, SELF);
        var first = Files.createDirectory(folder.resolve("worker-1"));
        // as the kernel has it, whose files are not in the way of a removal
        var group = Files.createDirectory(service.resolve("worker-1"));
        cgroups.create(folder.resolve("worker-2"), LIMITS);
        assertThat(group).isDirectory();
        Files.delete(first);
        cgroups.create(folder.resolve("worker-3"), LIMITS);
        assertThat(group).doesNotExist();
    }

    /** As systemd's DelegateSubgroup= starts it, or as it is after a restart within its service. */
    @Test
    void aNodeThatHasItsOwnGroupAlreadyMakesTheWorkersBesideIt() throws IOException {
        Files.createDirectory(service.resolve("node"));
        Files.writeString(service.resolve("cgroup.procs"), "");
        Files.writeString(own, "0::/system.slice/fedbiomed.service/node\n");
        assertThat(Cgroups.open(tree, own, SELF).create(folder.resolve("worker-2"), LIMITS))
                .isEqualTo(service.resolve("worker-2"));
    }

    @Test
    void whyThereAreNoneIsSaidWithWhatToDo() throws IOException {
        Files.writeString(service.resolve("cgroup.procs"), SELF + "\n17\n");
        assertThat(obstacle()).contains("other processes share", service.toString(), "Delegate=memory pids");
        Files.writeString(service.resolve("cgroup.controllers"), "cpu\n");
        assertThat(obstacle()).contains("the controllers [cpu], not [memory, pids]");
        Files.writeString(own, "1:name=systemd:/x\n");
        assertThat(obstacle()).contains("in no unified control group");
        Files.delete(tree.resolve("cgroup.controllers"));
        assertThat(obstacle()).contains("no unified control groups (cgroup v2) at " + tree);
    }

    @Test
    void aWorkerEntersItsGroupBeforeAnythingElse() throws Exception {
        var group = Cgroups.open(tree, own, SELF).create(folder.resolve("worker-3"), LIMITS);
        var settings = new WorkerSettings(
                folder, folder, folder, SandboxKind.JVM_ONLY, LIMITS, Duration.ZERO, 0, 1, true, GpuPolicy.NONE);
        var process = WorkerProcess.start(
                settings,
                WorkerMain.class,
                WorkerFolder.create(folder),
                own,
                WorkerClassPath.of(System.getProperty("java.class.path")),
                List.of(),
                group);
        try {
            Awaitility.await()
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> Files.exists(group.resolve("cgroup.procs"))
                            && Files.readString(group.resolve("cgroup.procs")).equals("0\n"));
            assertThat(process.isAlive()).isTrue();
        } finally {
            WorkerProcess.kill(process);
            process.waitFor();
        }
    }

    @Test
    void theMachinesOwnKernelEndsAWorkerBeyondItsMemory() throws Exception {
        var missing = Cgroups.obstacle();
        assumeTrue(missing.isEmpty(), () -> "no control groups here: " + missing.orElse(""));
        var group = Cgroups.open().create(folder.resolve(WorkerProcess.WORKER_PREFIX + "test"), LIMITS);
        var process = new ProcessBuilder(
                        "/bin/sh",
                        "-c",
                        "echo 0 > '" + group.resolve("cgroup.procs") + "' && exec tail -c 1000m /dev/zero")
                .start();
        assertThat(process.waitFor()).as("killed by the kernel").isEqualTo(137);
        assertThat(Files.readString(group.resolve("memory.events"))).containsPattern("oom_kill [1-9]");
        Files.delete(group);
    }
}
