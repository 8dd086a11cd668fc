package fedbiomed.training.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.training.Fixture;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.Scalar;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerTest {
    private static final String CLASS_PATH = System.getProperty("java.class.path");

    @TempDir
    Path folder;

    private WorkerProcess worker() throws IOException {
        return new WorkerProcess(CLASS_PATH, folder.resolve("errors.txt"));
    }

    private static WorkerJob jobOf(Fixture fixture) {
        try (var plan = fixture.compiled()) {
            return fixture.trainJob(plan, Fixture.tested().build());
        }
    }

    private byte[] trained() throws IOException {
        return Files.readAllBytes(folder.resolve("local.safetensors"));
    }

    @Test
    void warmAndColdGiveTheSameBytesAndTheWorkerEndsWithItsParent() throws Exception {
        var job = jobOf(Fixture.of(folder, Fixture.CLASSIFIER, Fixture.table(100, 3)));
        byte[] cold;
        try (var worker = worker()) {
            assertThat(worker.ask(job)).isInstanceOfSatisfying(WorkerReply.Done.class, done -> {
                assertThat(done.samples()).isEqualTo(75);
                assertThat(done.localTest()).isNotNull();
                assertThat(done.timings().millis()).containsKeys("compile", "train");
            });
            assertThat(worker.scalars).extracting(Scalar::phase).contains("training", "test_on_local_updates");
            cold = trained();
            Files.delete(folder.resolve("local.safetensors"));
            assertThat(worker.ask(job)).isInstanceOf(WorkerReply.Done.class);
            assertThat(trained()).isEqualTo(cold);
            assertThat(nativeLibraries(worker)).doesNotContain("libtorch");
            assertThat(worker.end()).isZero();
        }
        Files.delete(folder.resolve("local.safetensors"));
        try (var plan =
                Fixture.of(folder, Fixture.CLASSIFIER, Fixture.table(100, 3)).compiled()) {
            plan.run(job, _ -> {});
        }
        assertThat(trained()).isEqualTo(cold);
    }

    @Test
    void theSecondRoundOfAWarmWorkerIsThatOfAFreshOneAndReadsNoFile() throws Exception {
        var fixture = Fixture.of(folder, Fixture.CLASSIFIER, Fixture.table(100, 3));
        var first = jobOf(fixture);
        var second = new WorkerJob(
                first.task(),
                first.plan(),
                first.modelArgs(),
                first.trainingArgs(),
                first.participant(),
                2,
                first.data(),
                first.parameters(),
                first.output(),
                first.preprocessing());
        try (var worker = worker()) {
            assertThat(worker.ask(second)).isInstanceOf(WorkerReply.Done.class);
        }
        var cold = trained();
        try (var worker = worker()) {
            assertThat(worker.ask(first)).isInstanceOf(WorkerReply.Done.class);
            assertThat(trained()).as("another round, another order of the rows").isNotEqualTo(cold);
            // of the same size and time, but without column 'a': whoever reads it again would fail
            var time = Files.getLastModifiedTime(fixture.data());
            try (var file = new java.io.RandomAccessFile(fixture.data().toFile(), "rw")) {
                file.seek("id,".length());
                file.write('?');
            }
            Files.setLastModifiedTime(fixture.data(), time);
            assertThat(worker.ask(second)).isInstanceOf(WorkerReply.Done.class);
            assertThat(trained()).isEqualTo(cold);
        }
    }

    private static String nativeLibraries(WorkerProcess worker) throws IOException {
        var maps = Path.of("/proc", Long.toString(worker.process.pid()), "maps");
        return Files.exists(maps) ? Files.readString(maps) : "";
    }

    @Test
    void aFloodOfPrintsNeitherBreaksTheFramesNorFillsTheLog() throws IOException {
        var text = Fixture.CLASSIFIER.replace(
                "return dataset",
                "for (int i = 0; i < 200_000; i++) { System.out.println(\"chatter \" + i); System.err.print('.'); }"
                        + " return dataset");
        var fixture = Fixture.of(folder, Fixture.CLASSIFIER, Fixture.table(40, 3));
        var job = jobOf(fixture);
        Files.writeString(fixture.plan(), text);
        try (var worker = worker()) {
            assertThat(worker.ask(job)).isInstanceOf(WorkerReply.Done.class);
            assertThat(Files.size(folder.resolve("errors.txt"))).isBetween(64L << 10, 66L << 10);
            assertThat(worker.ask(job)).isInstanceOf(WorkerReply.Done.class);
            assertThat(Files.size(folder.resolve("errors.txt"))).isBetween(128L << 10, 132L << 10);
        }
        assertThat(Files.readString(folder.resolve("errors.txt"))).contains("chatter 7", "the rest is dropped");
    }

    @Test
    void whatAPlanThrowsGoesBackWithoutItsText() throws IOException {
        var fixture = Fixture.of(folder, Fixture.CLASSIFIER, Fixture.table(40, 3));
        var job = jobOf(fixture);
        Files.writeString(
                fixture.plan(),
                Fixture.CLASSIFIER.replace(
                        "return dataset",
                        "if (true) throw new IllegalStateException(\"PATIENT-7 is 64\");\n return dataset"));
        try (var worker = worker()) {
            assertThat(worker.ask(job)).isInstanceOfSatisfying(WorkerReply.Failed.class, failed -> {
                assertThat(failed.code()).isEqualTo(ErrorCode.PLAN_FAILED);
                assertThat(failed.text())
                        .contains("java.lang.IllegalStateException at line 6")
                        .doesNotContain("PATIENT");
                assertThat(failed.detail()).contains("PATIENT-7 is 64");
            });
            Files.writeString(fixture.plan(), Fixture.CLASSIFIER);
            assertThat(worker.ask(job))
                    .as("the worker goes on, with the new text")
                    .isInstanceOf(WorkerReply.Done.class);
            Files.writeString(fixture.plan(), "public class A { int x = ; }");
            assertThat(worker.ask(job)).isInstanceOfSatisfying(WorkerReply.Failed.class, failed -> {
                assertThat(failed.code()).isEqualTo(ErrorCode.PLAN_INVALID);
                assertThat(failed.text()).contains("line 1: illegal start of expression");
            });
        }
    }

    @Test
    void aPlanCannotReachWhatIsOnlyOnTheParentsClassPath() throws IOException {
        var foreign = Files.createDirectories(folder.resolve("protocol/target/classes/fedbiomed/protocol"));
        try (var probe = WorkerTest.class.getResourceAsStream("WorkerTest.class")) {
            Files.copy(java.util.Objects.requireNonNull(probe), foreign.resolve("Federation.class"));
        }
        var parent = CLASS_PATH + File.pathSeparator + folder.resolve("protocol/target/classes");
        assertThat(WorkerClassPath.of(parent)).isEqualTo(WorkerClassPath.of(CLASS_PATH));
        assertThat(WorkerClassPath.of(parent))
                .extracting(Path::toString)
                .noneMatch(entry -> entry.contains("junit") || entry.endsWith("test-classes"))
                .anyMatch(entry -> entry.contains("linux"));

        var fixture = Fixture.of(folder, Fixture.CLASSIFIER, Fixture.table(40, 3));
        var job = jobOf(fixture);
        try (var worker = new WorkerProcess(parent, folder.resolve("errors.txt"))) {
            for (var name : new String[] {"fedbiomed.protocol.Federation", "org.junit.jupiter.api.Test"}) {
                Files.writeString(
                        fixture.plan(),
                        Fixture.CLASSIFIER.replace(
                                "return dataset",
                                "try { Class.forName(\"" + name
                                        + "\"); } catch (ClassNotFoundException e) { throw new UnsupportedOperationException(); }"
                                        + " return dataset"));
                assertThat(worker.ask(job))
                        .isInstanceOfSatisfying(
                                WorkerReply.Failed.class,
                                failed -> assertThat(failed.text()).contains("UnsupportedOperationException"));
            }
        }
    }

    @Test
    void aClassPathThatLacksALibraryIsToldAtOnce() {
        var without = Arrays.stream(CLASS_PATH.split(File.pathSeparator))
                .filter(entry -> !entry.contains("fastcsv") && !entry.contains("openblas"))
                .collect(Collectors.joining(File.pathSeparator));
        assertThatThrownBy(() -> WorkerClassPath.of(without))
                .hasMessageContaining("fastcsv")
                .hasMessageContaining("openblas")
                .hasMessageNotContaining("jackson");
        assertThatThrownBy(() -> WorkerClassPath.of("")).hasMessageContaining("fedbiomed-training");
    }

    @Test
    void aBrokenFrameIsAnsweredAndEndsTheWorker() throws Exception {
        try (var worker = worker()) {
            worker.process.getOutputStream().write("GET / HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII));
            worker.process.getOutputStream().flush();
            assertThat(WorkerFrames.read(worker.process.getInputStream(), WorkerReply.class))
                    .isInstanceOfSatisfying(
                            WorkerReply.Failed.class,
                            failed -> assertThat(failed.code()).isEqualTo(ErrorCode.BAD_MESSAGE));
            assertThat(worker.end()).isZero();
        }
    }
}
