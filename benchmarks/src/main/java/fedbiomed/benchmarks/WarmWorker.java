package fedbiomed.benchmarks;

import fedbiomed.parameters.Safetensors;
import fedbiomed.training.LoadedPlan;
import fedbiomed.training.plan.PlanSource;
import fedbiomed.training.worker.WorkerClassPath;
import fedbiomed.training.worker.WorkerFrames;
import fedbiomed.training.worker.WorkerJob;
import fedbiomed.training.worker.WorkerMain;
import fedbiomed.training.worker.WorkerReply;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.TrainingArgs;
import java.io.BufferedInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** A worker process as a node starts it, without the sandbox around it, that trains one case as often as it is asked. */
final class WarmWorker implements AutoCloseable {
    private final TrainingCases.Case trained;
    private final WorkerJob job;
    private final Process process;
    private final InputStream replies;

    /** @param folder of its own */
    WarmWorker(TrainingCases.Case trained, Path folder) throws IOException {
        this.trained = trained;
        var plan = Files.writeString(folder.resolve("plan.java"), trained.plan());
        var global = folder.resolve("global.safetensors");
        try (var loaded = LoadedPlan.compile(PlanSource.read(plan))) {
            Safetensors.write(global, loaded.initialParameters(trained.modelArgs(), 1));
        }
        job = new WorkerJob(
                WorkerJob.Task.TRAIN,
                plan,
                trained.modelArgs(),
                TrainingArgs.builder()
                        .epochs(trained.epochs())
                        .batchSize(trained.batchSize())
                        .build(),
                new Participant(new PartyId("hospital"), trained.name()),
                1,
                trained.data(),
                global,
                folder.resolve("local.safetensors"),
                null);
        var classPath = WorkerClassPath.of(System.getProperty("java.class.path")).stream()
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
        var builder = new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath,
                WorkerMain.class.getName()));
        builder.environment().putAll(WorkerMain.ENVIRONMENT);
        process = builder.redirectError(folder.resolve("worker.log").toFile()).start();
        replies = new BufferedInputStream(process.getInputStream());
    }

    /** Trains once. @return samples a second of the training loop, by the worker's own timings */
    double samplesPerSecond() throws IOException {
        WorkerFrames.write(process.getOutputStream(), job);
        while (true) {
            switch (WorkerFrames.read(replies, WorkerReply.class)) {
                case null -> throw new IOException("the worker ended; see worker.log beside its plan");
                case WorkerReply.Progress _ -> {}
                case WorkerReply.Done done -> {
                    return trained.samples() * 1000.0 / done.timings().of("train");
                }
                case WorkerReply.Failed failed -> throw new IOException(failed.text() + "\n" + failed.detail());
            }
        }
    }

    ProcessHandle process() {
        return process.toHandle();
    }

    @Override
    public void close() {
        process.destroy();
    }
}
