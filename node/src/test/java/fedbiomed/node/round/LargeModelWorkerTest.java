package fedbiomed.node.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import fedbiomed.data.source.StoredDataset;
import fedbiomed.node.Sandboxes;
import fedbiomed.parameters.DType;
import fedbiomed.parameters.Parameters;
import fedbiomed.parameters.Safetensors;
import fedbiomed.parameters.Tensor;
import fedbiomed.protocol.identity.Fingerprint;
import fedbiomed.protocol.message.Job;
import fedbiomed.training.plan.PlanSource;
import fedbiomed.training.worker.WorkerJob;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.PreprocessingStatistics;
import fedbiomed.vocabulary.TrainingArgs;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model lies outside the heap of its worker, and may be larger than it. */
class LargeModelWorkerTest {
    private static final int WIDTH = 5_000;
    private static final int ROUNDS = 4;
    /** The model and its gradients, 200 MB, and what a process with PyTorch holds at any rate; a copy left by each round is too much. */
    private static final long MEMORY_BYTES = 430L << 20;

    /** 25 million parameters, 100 MB. */
    private static final String PLAN = """
            import fedbiomed.training.torch.*;
            import fedbiomed.vocabulary.Args;

            public class LargePlan extends TorchPlan {
                @Override
                public TrainingData data(DatasetView dataset) {
                    return dataset.table().inputs("a").target("b");
                }

                @Override
                public TorchModule model(Args args) {
                    return sequential(linear(1, 5000), linear(5000, 5000), linear(5000, 1));
                }

                @Override
                public TorchOptimizer optimizer(TorchModule model, Args args) {
                    return sgd(model, 0.01);
                }

                @Override
                public TorchTensor trainingStep(TorchModule model, Batch batch) {
                    return mseLoss(model.forward(batch.input()), batch.target());
                }
            }
            """;

    @TempDir
    Path folder;

    private static Tensor zeros(long... shape) {
        long bytes = Arrays.stream(shape).reduce(Float.BYTES, Math::multiplyExact);
        return Tensor.of(DType.F32, shape, Arena.ofAuto().allocate(bytes, Long.BYTES));
    }

    @Test
    void aModelLargerThanTheHeapIsTrainedRoundAfterRoundInMemoryForItAndItsGradients() throws IOException {
        var data = Files.writeString(folder.resolve("data.csv"), "a,b\n" + "1,2\n".repeat(20));
        var incoming = folder.resolve("global.safetensors");
        Safetensors.write(
                incoming,
                Parameters.builder()
                        .put("0.weight", zeros(WIDTH, 1))
                        .put("0.bias", zeros(WIDTH))
                        .put("1.weight", zeros(WIDTH, WIDTH))
                        .put("1.bias", zeros(WIDTH))
                        .put("2.weight", zeros(1, WIDTH))
                        .put("2.bias", zeros(1))
                        .build());
        var output = folder.resolve("trained.safetensors");
        var source = new PlanSource(PLAN);
        var participant = new Participant(PartyId.of("hospital-a"), "sick");
        var args = TrainingArgs.builder().numUpdates(1).batchSize(20).build();
        var work = new WorkerJob(
                WorkerJob.Task.TRAIN,
                Files.writeString(Files.createDirectory(folder.resolve("plan")).resolve("LargePlan.java"), PLAN),
                Args.NONE,
                args,
                participant,
                1,
                new StoredDataset("csv", data),
                incoming,
                output,
                PreprocessingStatistics.NONE);
        var job = new Job(
                "run-1",
                1,
                0,
                PartyId.of("ana"),
                participant,
                "0".repeat(64),
                source.id(),
                Args.NONE,
                args,
                null,
                PreprocessingStatistics.NONE,
                null);
        var key = new WorkerKey(
                PartyId.of("ana"), new Fingerprint("AAAA" + "-AAAA".repeat(7)), "run-1", "sick", source.id());
        var limits = new WorkerLimits(
                64L << 20,
                MEMORY_BYTES,
                256L << 20,
                16L << 20,
                256L << 20,
                1,
                100,
                Duration.ofMinutes(5),
                Duration.ofMinutes(5));
        try (var pool = new WorkerPool(
                new WorkerSettings(
                        folder.resolve("work"),
                        folder.resolve("logs"),
                        folder.resolve("cache"),
                        Sandboxes.HERE,
                        limits,
                        Duration.ofMinutes(5),
                        0,
                        1,
                        true,
                        GpuPolicy.NONE),
                _ -> Optional.empty(),
                Clock.systemUTC())) {
            for (int round = 0; round < ROUNDS; round++) {
                Files.deleteIfExists(output);
                var stream = new ScalarStream("request", job, new DeclaredResults(source), _ -> true);
                assertThat(pool.run(key, work, true, stream).samples()).isEqualTo(20);
            }
            assertThat(pool.size()).isEqualTo(1);
        }
        try (var trained = Safetensors.open(output)) {
            // only the last layer's bias has a gradient: 2 * learning rate * (target - output)
            assertThat(trained.parameters().get("2.bias").doubleAt(0)).isCloseTo(0.04, within(1e-6));
        }
    }
}
