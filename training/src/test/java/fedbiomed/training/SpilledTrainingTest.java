package fedbiomed.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import fedbiomed.data.source.StoredDataset;
import fedbiomed.data.tabular.DuckDb;
import fedbiomed.data.tabular.TableSpace;
import fedbiomed.parameters.Safetensors;
import fedbiomed.training.worker.WorkerJob;
import fedbiomed.training.worker.WorkerReply;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PreprocessingStatistics;
import fedbiomed.vocabulary.TrainingArgs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table that does not fit into memory trains to the last bit as one that does. */
class SpilledTrainingTest {
    private static final int ROWS = 12_000;
    /** A table may take half of it; this one takes about 700 KiB. */
    private static final long SMALL_HEAP = 640 << 10;

    private static final long DISK = 64L << 20;

    private static final String DATA = """
                @Override
                public TrainingData data(DatasetView dataset) {
                    return dataset.table().inputs("age", "crp", "stage", "sex", "site").impute(MEAN)
                            .impute("crp", MEDIAN).impute("stage", MOST_FREQUENT)
                            .oneHot("sex", "m", "f").impute("sex", MOST_FREQUENT).oneHotOrOther("site", "north", "south")
                            .standardise(FEDERATED).target("ill").classes("0", "1").splitBy("patient").stratify();
                }
            """;

    private static final String LINEAR = """
            import fedbiomed.training.linear.*;

            public class IllPlan extends SgdClassifier {
            """ + DATA + "}\n";

    private static final String TORCH = """
            import fedbiomed.training.torch.*;
            import fedbiomed.vocabulary.Args;

            public class IllPlan extends TorchPlan {
            """ + DATA + """
                @Override
                public TorchModule model(Args args) {
                    return sequential(linear(8, 6), tanh(), dropout(0.1), linear(6, 2));
                }

                @Override
                public TorchOptimizer optimizer(TorchModule model, Args args) {
                    return adam(model, 0.01);
                }

                @Override
                public TorchTensor trainingStep(TorchModule model, Batch batch) {
                    return crossEntropy(model.forward(batch.input()), batch.target());
                }
            }
            """;

    @TempDir
    Path folder;

    private static String quoted(String value, boolean quotes) {
        return quotes ? "\"" + value + "\"" : value;
    }

    /** @param quotes whether text is quoted, so that another reader is needed */
    private static String table(boolean quotes) {
        var random = new SplittableRandom(5);
        var csv = new StringBuilder("patient,age,crp,stage,sex,site,ill\n");
        for (int row = 0; row < ROWS; row++) {
            double crp = random.nextDouble(-3, 4);
            int age = 20 + random.nextInt(70);
            csv.append(quoted("P" + row * 7919L % (ROWS / 3), quotes)).append(',');
            csv.append(random.nextInt(20) == 0 ? "NA" : String.valueOf(age)).append(',');
            csv.append(random.nextInt(20) == 0 ? "" : random.nextInt(40) == 0 ? "-0.0" : String.valueOf(crp));
            csv.append(',').append(random.nextInt(9) == 0 ? "" : String.valueOf(random.nextInt(4)));
            csv.append(',').append(random.nextInt(30) == 0 ? "" : random.nextBoolean() ? "m" : "f");
            csv.append(',').append(List.of("north", "south", "east").get(random.nextInt(3)));
            csv.append(',').append(crp + age / 40.0 + random.nextDouble(-1, 1) > 2 ? "1\n" : "0\n");
        }
        return csv.toString();
    }

    private static TrainingArgs args() {
        return TrainingArgs.builder()
                .epochs(2)
                .batchSize(32)
                .testRatio(0.25)
                .testOnGlobalUpdates(true)
                .testOnLocalUpdates(true)
                .randomSeed(7)
                .build();
    }

    private Fixture fixture(String plan, String csv) throws IOException {
        return Fixture.of(folder, plan, csv)
                .withModelArgs(
                        plan.contains("TorchPlan")
                                ? Args.NONE
                                : new Args(Map.of("loss", "log_loss", "learning_rate", "constant", "eta0", 0.05)));
    }

    private static WorkerJob on(StoredDataset data, WorkerJob job) {
        return new WorkerJob(
                job.task(),
                job.plan(),
                job.modelArgs(),
                job.trainingArgs(),
                job.participant(),
                job.round(),
                data,
                job.parameters(),
                job.output(),
                job.preprocessing());
    }

    private record Result(PreprocessingStatistics statistics, WorkerReply.Done done, byte[] model) {}

    private static Result train(Fixture fixture, StoredDataset data, LoadedPlan compiled) throws IOException {
        Safetensors.write(
                fixture.folder().resolve("global.safetensors"), compiled.initialParameters(fixture.modelArgs(), 1));
        var statistics = compiled.run(on(data, fixture.job(WorkerJob.Task.STATISTICS, args(), null)), _ -> {})
                .statistics();
        compiled.run(on(data, fixture.job(WorkerJob.Task.CHECK, args(), null)), _ -> {});
        var job = on(data, fixture.job(WorkerJob.Task.TRAIN, args(), statistics));
        var done = compiled.run(job, _ -> {});
        return new Result(
                Objects.requireNonNull(statistics),
                done,
                Files.readAllBytes(fixture.folder().resolve("local.safetensors")));
    }

    private void trainsAlike(Fixture fixture, StoredDataset data) throws IOException {
        var tables = folder.resolve("tables");
        Result inMemory;
        try (var compiled = fixture.compiled()) {
            inMemory = train(fixture, data, compiled);
        }
        assertThat(tables).doesNotExist();
        try (var compiled = fixture.compiled().withTables(TableSpace.spilling(tables, DISK, SMALL_HEAP))) {
            var spilled = train(fixture, data, compiled);
            assertThat(Files.list(tables)).as("it lies in files").hasSize(1);
            assertThat(spilled.statistics()).isEqualTo(inMemory.statistics());
            assertThat(spilled.model()).isEqualTo(inMemory.model());
            assertThat(spilled.done().loss()).isEqualTo(inMemory.done().loss());
            assertThat(spilled.done().samples()).isEqualTo(inMemory.done().samples());
            assertThat(spilled.done().globalTest())
                    .usingRecursiveComparison()
                    .isEqualTo(inMemory.done().globalTest());
            assertThat(spilled.done().localTest())
                    .usingRecursiveComparison()
                    .isEqualTo(inMemory.done().localTest());
        }
        assertThat(tables).as("nothing is left of it").isEmptyDirectory();
    }

    @Test
    void aLinearModelWithFederatedStatistics() throws IOException {
        var fixture = fixture(LINEAR, table(false));
        trainsAlike(fixture, new StoredDataset("csv", fixture.data()));
    }

    @Test
    void aLinearModelWithLocalStatisticsOfAFileWithQuotes() throws IOException {
        var fixture = fixture(LINEAR.replace("FEDERATED", "LOCAL"), table(true));
        trainsAlike(fixture, new StoredDataset("csv", fixture.data()));
    }

    @Test
    void aNetworkWithFederatedStatistics() throws IOException {
        var fixture = fixture(TORCH, table(false));
        trainsAlike(fixture, new StoredDataset("csv", fixture.data()));
    }

    @Test
    void aNetworkWithLocalStatisticsOfAParquetFile() throws IOException, SQLException {
        var fixture = fixture(TORCH.replace("FEDERATED", "LOCAL"), table(false));
        var parquet = folder.resolve("data.parquet");
        try (var duckDb = DuckDb.open(List.of(fixture.data(), parquet), "", "0MB");
                var statement = duckDb.createStatement()) {
            statement.execute(
                    "COPY (SELECT * FROM read_csv(" + DuckDb.text(fixture.data().toString())
                            + ", nullstr=['NA', ''])) TO " + DuckDb.text(parquet.toString()) + " (FORMAT parquet)");
        }
        trainsAlike(fixture, new StoredDataset("parquet", parquet));
    }

    @Test
    void aFolderOfFilesWithARegressionWhoseTargetIsNoWholeNumber() throws IOException {
        var plan = LINEAR.replace("SgdClassifier", "SgdRegressor")
                .replace("\"crp\", ", "")
                .replace(".impute(\"crp\", MEDIAN)", "")
                .replace(".target(\"ill\").classes(\"0\", \"1\")", ".target(\"crp\")")
                .replace(".stratify()", "");
        var csv = table(false).replaceAll(",(?:-0.0)?,([0-3]?),", ",0.5,$1,");
        var fixture = fixture(plan, csv).withModelArgs(new Args(Map.of("learning_rate", "constant", "eta0", 0.01)));
        var many = Files.createDirectory(folder.resolve("many"));
        var lines = csv.split("\n");
        int half = lines.length / 2;
        Files.writeString(
                many.resolve("a.csv"), String.join("\n", List.of(lines).subList(0, half)));
        Files.writeString(
                many.resolve("b.csv"),
                lines[0] + "\n" + String.join("\n", List.of(lines).subList(half, lines.length)));
        trainsAlike(fixture, new StoredDataset("table-folder", many));
    }

    @Test
    void aKeptTableIsReadOnceAndItsFilesGoWhenAnotherIsRead() throws IOException {
        var fixture = fixture(LINEAR, table(false));
        var tables = folder.resolve("tables");
        var data = new StoredDataset("csv", fixture.data());
        try (var kept = new KeptTable(TableSpace.spilling(tables, DISK, SMALL_HEAP))) {
            var columns = List.of("age", "crp", "stage", "sex", "site", "ill", "patient");
            var first = kept.read(data, columns);
            assertThat(first.isSpilled()).isTrue();
            assertThat(kept.read(data, columns)).isSameAs(first);
            assertThat(kept.read(data, List.of("age")).isSpilled()).isFalse();
            assertThat(tables).isEmptyDirectory();
            assertThatThrownBy(() -> first.numbersOf("age").at(0)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void whatNeedsAllRowsAtOnceIsRefused() throws IOException {
        var survival = LINEAR.replace("SgdClassifier", "CoxPlan")
                .replace(".target(\"ill\").classes(\"0\", \"1\")", ".survival(\"age\", \"ill\")")
                .replace("\"age\", \"crp\"", "\"crp\"")
                .replace(".stratify()", "");
        assertThat(refusal(survival, args())).contains("survival times", "worker_heap", "rows do not fit");
        var whole = TrainingArgs.builder().batchSize(10_000).testRatio(0).build();
        assertThat(refusal(LINEAR, whole)).contains("batch_size 10000 takes", "set batch_size to", "worker_heap");
    }

    private String refusal(String plan, TrainingArgs args) throws IOException {
        var fixture = fixture(plan, table(false));
        var space = TableSpace.spilling(folder.resolve("tables"), DISK, SMALL_HEAP);
        try (var compiled = fixture.compiled().withTables(space)) {
            Safetensors.write(folder.resolve("global.safetensors"), compiled.initialParameters(Args.NONE, 1));
            var failure = catchThrowableOfType(
                    FedbiomedException.class,
                    () -> compiled.run(
                            fixture.withModelArgs(Args.NONE).job(WorkerJob.Task.STATISTICS, args, null), _ -> {}));
            assertThat(failure.code()).isEqualTo(ErrorCode.DATA_UNFIT);
            return failure.text();
        }
    }
}
