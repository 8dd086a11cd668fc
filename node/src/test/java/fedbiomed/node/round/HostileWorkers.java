package fedbiomed.node.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import fedbiomed.data.source.StoredDataset;
import fedbiomed.parameters.Parameters;
import fedbiomed.parameters.Safetensors;
import fedbiomed.parameters.Tensor;
import fedbiomed.protocol.identity.Fingerprint;
import fedbiomed.protocol.message.Job;
import fedbiomed.training.plan.PlanSource;
import fedbiomed.training.worker.WorkerJob;
import fedbiomed.training.worker.WorkerReply;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.PreprocessingStatistics;
import fedbiomed.vocabulary.TrainingArgs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** A real pool of real workers, with the check of the bytecode left out: what stops a plan here is the process. */
final class HostileWorkers implements AutoCloseable {
    static final WorkerLimits LIMITS = new WorkerLimits(
            64L << 20,
            400L << 20,
            32L << 20,
            16L << 20,
            16L << 20,
            1,
            100,
            Duration.ofMinutes(2),
            Duration.ofSeconds(40));

    private static final String GOOD = """
            import fedbiomed.training.linear.*;

            public class SickPlan extends SgdClassifier {
                static int count;
                // members
                @Override
                public TrainingData data(DatasetView dataset) {
                    // statement
                    return dataset.table().inputs("a", "b").target("sick").classes("no", "yes");
                }
            }
            """;

    final Path folder;
    final WorkerPool pool;
    private final Path data;

    HostileWorkers(Path folder, SandboxKind sandbox, WorkerLimits limits) throws IOException {
        this(folder, folder.resolve("cache"), sandbox, limits);
    }

    /** @param cache of unpacked libraries, which several may share */
    HostileWorkers(Path folder, Path cache, SandboxKind sandbox, WorkerLimits limits) throws IOException {
        this.folder = folder;
        var rows = new StringBuilder("a,b,sick\n");
        for (int i = 0; i < 40; i++) {
            rows.append(i % 7).append(',').append(i % 5).append(i % 2 == 0 ? ",yes\n" : ",no\n");
        }
        data = Files.writeString(folder.resolve("data.csv"), rows);
        var settings = new WorkerSettings(
                folder.resolve("work"),
                folder.resolve("logs"),
                cache,
                sandbox,
                limits,
                Duration.ofMinutes(5),
                0,
                2,
                false,
                GpuPolicy.NONE);
        pool = new WorkerPool(settings, _ -> Optional.empty(), Clock.systemUTC());
    }

    /** A plan that does {@code statement} as soon as it meets the node's data. */
    static String doing(String statement) {
        return doing(statement, "");
    }

    static String doing(String statement, String members) {
        return GOOD.replace("// statement", statement).replace("// members", members);
    }

    Path output() {
        return folder.resolve("job/trained.safetensors");
    }

    /** One training as the node does it: the job's files in a folder of its own. */
    WorkerReply.Done train(String plan, boolean torch) throws IOException {
        return train(plan, torch, new StoredDataset("csv", data));
    }

    WorkerReply.Done train(String plan, boolean torch, StoredDataset dataset) throws IOException {
        var source = new PlanSource(plan);
        var job = Files.createDirectories(folder.resolve("job"));
        var incoming = job.resolve("global.safetensors");
        Files.deleteIfExists(output());
        Safetensors.write(
                incoming,
                Parameters.builder()
                        .put("coef", Tensor.ofDoubles(new double[2], 1, 2))
                        .put("intercept", Tensor.ofDoubles(new double[1], 1))
                        .build());
        var participant = new Participant(PartyId.of("hospital-a"), "sick");
        var key = new WorkerKey(
                PartyId.of("ana"), new Fingerprint("AAAA" + "-AAAA".repeat(7)), "run-1", "sick", source.id());
        var args = TrainingArgs.builder()
                .epochs(2)
                .batchSize(8)
                .testRatio(0)
                .randomSeed(7)
                .build();
        var work = new WorkerJob(
                WorkerJob.Task.TRAIN,
                Files.writeString(job.resolve("SickPlan.java"), plan),
                Args.NONE,
                args,
                participant,
                1,
                dataset,
                incoming,
                output(),
                PreprocessingStatistics.NONE);
        var declared = new DeclaredResults(source);
        return pool.run(
                key, work, torch, new ScalarStream("request", job(participant, source, args), declared, _ -> true));
    }

    private static Job job(Participant participant, PlanSource source, TrainingArgs args) {
        return new Job(
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
    }

    /** The plan is stopped with one line without data, and the next job is done. @return that line */
    String stopped(String plan, boolean torch) throws IOException {
        var failure = catchThrowableOfType(FedbiomedException.class, () -> train(plan, torch));
        assertThat(failure).as("the plan is stopped").isNotNull();
        assertThat(failure.code()).isEqualTo(ErrorCode.PLAN_FAILED);
        assertThat(failure.text()).doesNotContain("\n", folder.toString());
        assertThat(logs()).as("the data manager can see why").contains("a job ended: PLAN_FAILED");
        train(doing(""), false);
        assertThat(output()).exists();
        return failure.text();
    }

    /** A statement that does {@code statement} and prints whether it went. */
    static String attempt(String name, String statement) {
        return "try { " + statement + " System.out.println(\"<" + name + " went>\"); } catch (Throwable e) {"
                + " System.out.println(\"<" + name + " stopped \" + e.getClass().getSimpleName() + \">\"); }\n";
    }

    /** Runs a plan of {@link #attempt}s, of which the last is named {@code last}. @return those that went */
    List<String> went(String plan, boolean torch, String last) throws IOException {
        train(plan, torch);
        Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> logs().matches("(?s).*<" + last + " \\w.*"));
        return Pattern.compile("<(\\S+) went>")
                .matcher(logs())
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    /** All that the workers' logs say. */
    String logs() throws IOException {
        var text = new StringBuilder();
        try (var files = Files.list(folder.resolve("logs"))) {
            for (var file : files.toList()) {
                text.append(Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1));
            }
        }
        return text.toString();
    }

    @Override
    public void close() {
        pool.close();
    }
}
