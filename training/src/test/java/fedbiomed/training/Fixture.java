package fedbiomed.training;

import fedbiomed.data.source.StoredDataset;
import fedbiomed.parameters.Safetensors;
import fedbiomed.training.plan.PlanSource;
import fedbiomed.training.worker.WorkerJob;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.PreprocessingStatistics;
import fedbiomed.vocabulary.TrainingArgs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A plan, a generated table and jobs on them, in a folder. */
public record Fixture(Path folder, Path plan, Path data, Args modelArgs) {
    public static final String CLASSIFIER = """
            import fedbiomed.training.linear.*;

            public class SickPlan extends SgdClassifier {
                @Override
                public TrainingData data(DatasetView dataset) {
                    return dataset.table().inputs("a", "b").standardise().target("sick").classes("no", "yes");
                }
            }
            """;

    /** {@code a}, {@code b} in odd units, and {@code sick}: yes where a + b is above its middle. */
    public static String table(int rows, long seed) {
        var random = new SplittableRandom(seed);
        var csv = new StringBuilder("id,a,b,sick,length\n");
        for (int i = 0; i < rows; i++) {
            double a = random.nextDouble();
            double b = random.nextDouble();
            csv.append("P%03d,%.4f,%.4f,%s,%.4f%n"
                    .formatted(i, 100 + 20 * a, 5 + 2 * b, a + b > 1 ? "yes" : "no", 3 + 2 * a - b));
        }
        return csv.toString();
    }

    public static Fixture of(Path folder, String planText, String csv) throws IOException {
        return new Fixture(
                folder,
                Files.writeString(folder.resolve("plan.java"), planText),
                Files.writeString(folder.resolve("data.csv"), csv),
                new Args(Map.of("loss", "log_loss", "learning_rate", "constant", "eta0", 0.5)));
    }

    public Fixture withModelArgs(Args args) {
        return new Fixture(folder, plan, data, args);
    }

    public LoadedPlan compiled() {
        return LoadedPlan.compile(PlanSource.read(plan));
    }

    public static TrainingArgs.Builder tested() {
        return TrainingArgs.builder()
                .epochs(5)
                .batchSize(16)
                .testRatio(0.25)
                .testOnGlobalUpdates(true)
                .testOnLocalUpdates(true)
                .randomSeed(7);
    }

    public WorkerJob job(WorkerJob.Task task, TrainingArgs args, @Nullable PreprocessingStatistics statistics) {
        return new WorkerJob(
                task,
                plan,
                modelArgs,
                args,
                new Participant(new PartyId("hospital-a"), "sick"),
                1,
                new StoredDataset("csv", data),
                task == WorkerJob.Task.STATISTICS ? null : folder.resolve("global.safetensors"),
                task == WorkerJob.Task.TRAIN ? folder.resolve("local.safetensors") : null,
                statistics);
    }

    /** Writes the initial model, asks for statistics, and gives the job of training. */
    public WorkerJob trainJob(LoadedPlan compiled, TrainingArgs args) {
        Safetensors.write(
                folder.resolve("global.safetensors"),
                compiled.initialParameters(modelArgs, 1).withMetadata(Map.of("kept", "yes")));
        var statistics = compiled.run(job(WorkerJob.Task.STATISTICS, args, null), _ -> {})
                .statistics();
        return job(WorkerJob.Task.TRAIN, args, statistics);
    }
}
