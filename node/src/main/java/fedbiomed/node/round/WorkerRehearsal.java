package fedbiomed.node.round;

import fedbiomed.data.DatasetKinds;
import fedbiomed.data.source.StoredDataset;
import fedbiomed.parameters.Safetensors;
import fedbiomed.training.LoadedPlan;
import fedbiomed.training.plan.PlanSource;
import fedbiomed.training.worker.WorkerClassPath;
import fedbiomed.training.worker.WorkerFrames;
import fedbiomed.training.worker.WorkerJob;
import fedbiomed.training.worker.WorkerMain;
import fedbiomed.training.worker.WorkerReply;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.TrainingArgs;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Makes the cache that workers start from (JEP 483, with JEP 515's method profiles): a worker with the options of a node's,
 * without a sandbox around it, trains a few small models on made-up rows and writes down what it has loaded. Run after a
 * build, with the folder of the natives as {@code org.bytedeco.javacpp.cachedir}.
 */
public final class WorkerRehearsal {
    /** System property: the cache that workers start from; they start without, more slowly, where it is not there. */
    public static final String CACHE_PROPERTY = "fedbiomed.worker.cache";

    private static final int JOBS = 30;
    private static final int ROWS = 200;
    private static final long MEBI = 1 << 20;
    private static final int FEW = 64;

    static final String LINEAR = """
            import fedbiomed.training.*;
            import fedbiomed.training.linear.*;

            public class LinearPlan extends SgdClassifier {
                @Override
                public TrainingData data(DatasetView dataset) {
                    return dataset.table().inputs("a", "b").target("y").classes("0", "1");
                }
            }
            """;

    private static final String TORCH = """
            import fedbiomed.training.*;
            import fedbiomed.training.torch.*;
            import fedbiomed.vocabulary.Args;

            public class NetworkPlan extends TorchPlan {
                @Override
                public TrainingData data(DatasetView dataset) {
                    return dataset.table().inputs("a", "b").target("y").classes("0", "1");
                }

                @Override
                public TorchModule model(Args args) {
                    return sequential(linear(2, 256), relu(), linear(256, 1000), relu(), linear(1000, 2));
                }

                @Override
                public TorchOptimizer optimizer(TorchModule model, Args args) {
                    return sgd(model, 0.01);
                }

                @Override
                public TorchTensor trainingStep(TorchModule model, Batch batch) {
                    return crossEntropy(model.forward(batch.input()), batch.target());
                }
            }
            """;

    private WorkerRehearsal() {}

    /** @param arguments the cache's file, and a folder where the PyTorch plan is left for the parties' own rehearsal */
    static void main(String[] arguments) throws IOException, InterruptedException {
        Files.writeString(Path.of(arguments[1], "NetworkPlan.java"), TORCH);
        var natives = Path.of(System.getProperty("org.bytedeco.javacpp.cachedir"));
        System.exit(make(Path.of(arguments[0]), Path.of(arguments[1]), natives, List.of(LINEAR, TORCH), JOBS));
    }

    /** @return the worker's exit status; 0 if the cache was made */
    static int make(Path cache, Path folderOfWork, Path natives, List<String> plans, int jobsOfEach)
            throws IOException, InterruptedException {
        var work = folderOfWork.toAbsolutePath();
        var settings = new WorkerSettings(
                work,
                work,
                natives,
                SandboxKind.JVM_ONLY,
                new WorkerLimits(
                        512 * MEBI,
                        2048 * MEBI,
                        512 * MEBI,
                        512 * MEBI,
                        512 * MEBI,
                        1,
                        FEW,
                        Duration.ofHours(1),
                        Duration.ofHours(1)),
                Duration.ZERO,
                0,
                1,
                true,
                GpuPolicy.NONE);
        var folder = WorkerFolder.create(work);
        var classPath = DuckDbLibrary.without(WorkerClassPath.of(System.getProperty("java.class.path")));
        var command = WorkerProcess.javaCommand(
                settings,
                WorkerMain.class,
                folder,
                classPath,
                Optional.of("-XX:AOTCacheOutput=" + cache.toAbsolutePath()),
                false);
        var builder = new ProcessBuilder(command)
                .directory(folder.work().toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().clear();
        builder.environment().putAll(WorkerProcess.environment(settings));
        var process = builder.start();
        try (var jobs = process.getOutputStream();
                var replies = new BufferedInputStream(process.getInputStream())) {
            for (var plan : plans) {
                for (var job : jobs(folder, plan, jobsOfEach)) {
                    WorkerFrames.write(jobs, job);
                    jobs.flush();
                    awaitDone(replies);
                }
            }
        }
        // it writes its cache as it ends
        return process.waitFor();
    }

    private static List<WorkerJob> jobs(WorkerFolder folder, String text, int number) throws IOException {
        var plan = Files.writeString(folder.in().resolve("plan.java"), text);
        var global = folder.in().resolve("global.safetensors");
        try (var loaded = LoadedPlan.compile(PlanSource.read(plan))) {
            Safetensors.write(global, loaded.initialParameters(Args.NONE, 1));
        }
        var rows = new StringBuilder("a,b,y\n");
        for (int row = 0; row < ROWS; row++) {
            rows.append(row)
                    .append(".5,")
                    .append(row % 7)
                    .append(',')
                    .append(row % 2)
                    .append('\n');
        }
        var data = Files.writeString(folder.in().resolve("rows.csv"), rows);
        var arguments = TrainingArgs.builder().numUpdates(2).batchSize(16).testRatio(0.2);
        var train = new WorkerJob(
                WorkerJob.Task.TRAIN,
                plan,
                Args.NONE,
                arguments.testOnGlobalUpdates(true).build(),
                new Participant(new PartyId("rehearsal"), "rows"),
                1,
                new StoredDataset(DatasetKinds.CSV, data),
                global,
                folder.work().resolve("trained.safetensors"),
                null);
        return Collections.nCopies(number, train);
    }

    private static void awaitDone(InputStream replies) throws IOException {
        while (true) {
            switch (WorkerFrames.read(replies, WorkerReply.class)) {
                case null -> throw new IOException("the worker ended");
                case WorkerReply.Progress _ -> {}
                case WorkerReply.Done _ -> {
                    return;
                }
                case WorkerReply.Failed failed -> throw new IOException(failed.text() + "\n" + failed.detail());
            }
        }
    }
}
