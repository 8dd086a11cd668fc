package fedbiomed.node.round;

import static fedbiomed.node.round.HostileWorkers.LIMITS;
import static fedbiomed.node.round.HostileWorkers.attempt;
import static fedbiomed.node.round.HostileWorkers.doing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import fedbiomed.node.Sandboxes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the process around a plan stops by itself: the check of the bytecode is left out in all of these. */
class ProcessWallTest {
    @TempDir
    Path folder;

    private HostileWorkers workers;

    @BeforeEach
    void start() throws IOException {
        workers = new HostileWorkers(folder, Sandboxes.HERE, LIMITS);
    }

    @AfterEach
    void stop() {
        workers.close();
    }

    private String stopped(String plan) throws IOException {
        return workers.stopped(plan, false);
    }

    /** Everything that reaches out of the process, tried one after the other within one plan. */
    private static String attempts(Path folder) throws IOException {
        var other = Files.writeString(folder.resolve("other.csv"), "name\nP007\n");
        return doing(attempt("passwords", "java.nio.file.Files.readString(java.nio.file.Path.of(\"/etc/passwd\"));")
                + attempt("dataset", "java.nio.file.Files.readString(java.nio.file.Path.of(\"" + other + "\"));")
                + attempt(
                        "siblings",
                        "try (var l = java.nio.file.Files.list(java.nio.file.Path.of(\"" + folder
                                + "/logs\"))) { l.count(); }")
                + attempt(
                        "environment",
                        "if (System.getenv().containsKey(\"HOME\") == false) throw new IllegalStateException();")
                + attempt(
                        "processes", "if (ProcessHandle.allProcesses().count() < 4) throw new IllegalStateException();")
                + attempt("socket", "new java.net.ServerSocket(0).close();")
                + attempt(
                        "unix-socket",
                        "java.nio.channels.SocketChannel.open(java.net.StandardProtocolFamily.UNIX).close();")
                + attempt(
                        "process",
                        "new ProcessBuilder(System.getProperty(\"java.home\") + \"/bin/java\","
                                + " \"-version\").start().waitFor();")
                + attempt(
                        "vfork",
                        "System.setProperty(\"jdk.lang.Process.launchMechanism\", \"VFORK\");"
                                + " new ProcessBuilder(\"/bin/sh\", \"-c\", \"true\").start().waitFor();")
                + attempt(
                        "write-outside",
                        "java.nio.file.Files.writeString(java.nio.file.Path.of(\"" + folder + "/x\"), \"x\");")
                + attempt("write-root", "java.nio.file.Files.writeString(java.nio.file.Path.of(\"/x\"), \"x\");")
                + attempt(
                        "write-data",
                        "java.nio.file.Files.writeString(java.nio.file.Path.of(\"" + folder + "/data.csv\"), \"x\");")
                + attempt(
                        "write-plan",
                        "for (var f : java.nio.file.Path.of(\"../in\").toAbsolutePath().toFile()"
                                + ".listFiles()) { java.nio.file.Files.writeString(f.toPath(), \"x\"); }")
                + attempt(
                        "large-file",
                        "try (var f = new java.io.RandomAccessFile(\"large\", \"rw\")) {"
                                + " f.seek(20L << 20); f.write(1); }")
                + attempt("home", "java.nio.file.Files.writeString(java.nio.file.Path.of(\"here\"), \"x\");"));
    }

    @Test
    void nothingOutsideIsReadWrittenOrSpokenTo() throws IOException {
        assumeTrue(Sandboxes.HERE == SandboxKind.BUBBLEWRAP, "bubblewrap is not installed");
        assertThat(workers.went(attempts(folder), false, "home"))
                .as("its own folder is its own")
                .containsExactly("home");
        assertThat(workers.logs())
                .contains("<passwords stopped NoSuchFileException>", "<dataset stopped NoSuchFileException>");
    }

    @Test
    void threadsWithoutEndAreStopped() throws IOException {
        assertThat(stopped(doing("while (true) { Thread t = new Thread(() -> { try { Thread.sleep(100_000); }"
                                + " catch (InterruptedException e) { } }); t.setDaemon(true); t.start();"
                                + " if (System.nanoTime() == 0) break; Thread.sleep(1); }")
                        .replace(
                                "public TrainingData data(DatasetView dataset) {",
                                "public TrainingData data(DatasetView" + " dataset) { try {")
                        .replace(
                                "(\"no\", \"yes\");",
                                "(\"no\", \"yes\"); } catch (InterruptedException e) { return null; }")))
                .contains("threads", "worker_threads");
    }

    @Test
    void heapAndDirectMemoryAreBounded() throws IOException {
        assertThat(stopped(doing("java.util.List<Object> all = new java.util.ArrayList<>();"
                        + " while (all.size() < 1_000_000) all.add(new byte[1 << 20]);")))
                .contains("memory");
        assertThat(stopped(doing("java.util.List<Object> all = new java.util.ArrayList<>();"
                        + " while (all.size() < 1_000_000) all.add(java.nio.ByteBuffer.allocateDirect(1 << 20));")))
                .contains("memory");
    }

    @Test
    void memoryOutsideTheHeapIsBounded() throws IOException {
        assertThat(stopped(doing("while (System.nanoTime() != 0)"
                        + " java.lang.foreign.Arena.global().allocate(8 << 20).fill((byte) 1);")))
                .contains("worker_memory", "400 MiB");
    }

    @Test
    void aLoopIsStoppedByItsCpuTime() throws IOException {
        workers.close();
        workers = new HostileWorkers(
                Files.createDirectory(folder.resolve("cpu")),
                Sandboxes.HERE,
                new WorkerLimits(
                        LIMITS.heapBytes(),
                        LIMITS.memoryBytes(),
                        LIMITS.diskBytes(),
                        LIMITS.tableBytes(),
                        LIMITS.fileBytes(),
                        1,
                        100,
                        Duration.ofMinutes(5),
                        Duration.ofSeconds(8)));
        assertThat(stopped(doing("while (System.nanoTime() != 0) { Math.random(); }")))
                .contains("8 s of CPU time", "job_cpu_limit");
    }

    @Test
    void theDiskIsNotFilled() throws IOException {
        assertThat(stopped(doing("for (int i = 0; System.nanoTime() != 0; i++) {"
                        + " try { java.nio.file.Files.write(java.nio.file.Path.of(\"f\" + i % 20), new byte[4 << 20]); }"
                        + " catch (java.io.IOException e) { } }")))
                .contains("worker_disk");
        assertThat(stopped(doing("for (int i = 0; System.nanoTime() != 0; i++) {"
                        + " try { java.nio.file.Files.write(java.nio.file.Path.of(\"f\" + i % 5000), new byte[1]); }"
                        + " catch (java.io.IOException e) { } }")))
                .contains("too many files");
    }

    @Test
    void printingWithoutEndFillsNoLogAndBreaksNoFrame() throws IOException {
        var flood = "try { var out = new java.io.FileOutputStream(java.io.FileDescriptor.%s);"
                + " for (int i = 0; i < 3000; i++) out.write(new byte[1 << 16]); } catch (java.io.IOException e) { }";
        workers.train(doing(flood.formatted("err")), false);
        try (var logs = Files.list(folder.resolve("logs"))) {
            assertThat(logs.mapToLong(file -> file.toFile().length()).max().orElse(0))
                    .isLessThan(2 << 20);
        }
        assertThat(stopped(doing(flood.formatted("out")))).contains("can no longer be understood");
    }

    @Test
    void aCrashInNativeCodeLosesThatRoundOnlyAndIsExplained() throws IOException {
        assertThat(stopped(doing("java.lang.foreign.MemorySegment.ofAddress(8).reinterpret(8)"
                        + ".set(java.lang.foreign.ValueLayout.JAVA_BYTE, 0, (byte) 1);")))
                .contains("crashed", "native code");
        assertThat(stopped(doing("Runtime.getRuntime().halt(137);"))).contains("signal 9");
        assertThat(stopped(doing("System.exit(3);"))).contains("exit code 3", "System.exit");
    }

    /** What a process says that a plan has taken over: the node compares it with the plan's text. */
    @Test
    void aRowInTheNameOfANumberIsNotTold() throws IOException {
        var forged = "fedbiomed.training.worker.WorkerFrames.write(new java.io.FileOutputStream("
                + "java.io.FileDescriptor.out), new fedbiomed.training.worker.WorkerReply.Progress("
                + "new fedbiomed.vocabulary.Scalar(1, new fedbiomed.vocabulary.Participant("
                + "fedbiomed.vocabulary.PartyId.of(\"a\"), \"a\"), \"training\", \"%s\", 1, 1, 0.5)));";
        assertThat(stopped(doing("try { " + forged.formatted("P007 is sick") + " } catch (java.io.IOException e) { }")))
                .contains("does not declare")
                .doesNotContain("P007");
        workers.train(doing("try { " + forged.formatted("loss") + " } catch (java.io.IOException e) { }"), false);
    }

    @Test
    void warmAndColdGiveTheSameBytesAndNoStaticSurvives() throws IOException {
        var counting = doing("if (count++ > 3) throw new IllegalStateException();"
                + " if (new java.io.File(\"kept\").exists()) throw new IllegalStateException();"
                + " try { java.nio.file.Files.createFile(java.nio.file.Path.of(\"kept\")); }"
                + " catch (java.io.IOException e) { throw new IllegalArgumentException(e); }");
        workers.train(counting, false);
        var cold = Files.readAllBytes(workers.output());
        for (int round = 0; round < 3; round++) {
            workers.train(counting, false);
            assertThat(Files.readAllBytes(workers.output())).isEqualTo(cold);
        }
        assertThat(workers.pool.size()).isEqualTo(1);
    }
}
