package fedbiomed.researcher.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.PlanId;
import fedbiomed.vocabulary.Sha256;
import fedbiomed.vocabulary.UpdateCompression;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExperimentYamlTest {
    private static final String DESIGN = """
            tags: [heart]
            plan: HeartPlan.java
            model_args: {penalty: l2, eta0: 1e-3}
            aggregator: {name: fedavg}
            strategy: {sample: 0.8, quorum: 2, deadline: 5m}
            rounds: 20
            seed: 42
            training_args: {epochs: 1, loader_args: {batch_size: 16}, test_ratio: 0.2, test_on_global_updates: true}
            """;

    private static ExperimentFile read(String text) {
        return ExperimentYaml.read("e.yaml", text, Path.of("base"));
    }

    @Test
    void theDesignsExampleIsRead() {
        var file = read(DESIGN);
        assertThat(file.tags()).containsExactly("heart");
        assertThat(file.plan()).isEqualTo(Path.of("base/HeartPlan.java"));
        assertThat(file.modelArgs().real("eta0", 0)).isEqualTo(0.001);
        assertThat(file.modelArgs().text("penalty", "")).isEqualTo("l2");
        assertThat(file.strategy().args().real("sample", 1)).isEqualTo(0.8);
        assertThat(file.trainingArgs().loaderArgs().batchSize()).isEqualTo(16);
        assertThat(file.trainingArgs().testOnGlobalUpdates()).isTrue();
        assertThat(file.seed()).isEqualTo(42);
        assertThat(file.begun()).isNull();
    }

    @Test
    void whatIsWrittenIsReadBackAsItWas() {
        var participant = new Participant(PartyId.of("a"), "d-1");
        var begun = new ExperimentFile.Begun(
                ExperimentFolder.FORMAT,
                "run-1",
                PartyId.of("rita"),
                new PlanId(Sha256.of("plan")),
                "2026-11-24T00:00:00Z",
                List.of(new ChosenDataset(participant, "on", Sha256.of("data"), 7)),
                new ExperimentFile.Origin(ExperimentFile.Origin.Kind.BRANCH, "run-0", 3, "experiments/first"));
        var file = read(DESIGN
                        + "datasets: [a/d-1]\nretain_full_history: true\n"
                        + "early_stopping: {metric: log_loss, patience: 3, min_delta: 1e-3}\n")
                .begunAs(begun, Path.of("base/plan/HeartPlan.java"));
        var text = new String(ExperimentYaml.write(file), StandardCharsets.UTF_8);
        assertThat(read(text)).isEqualTo(file);
        assertThat(text).contains("plan: \"plan/HeartPlan.java\"");
    }

    @Test
    void compressionIsReadAndWrittenBack() {
        assertThat(read(DESIGN).trainingArgs().compression()).isNull();
        assertThat(new String(ExperimentYaml.write(read(DESIGN)), StandardCharsets.UTF_8))
                .doesNotContain("compression");
        for (var compression : List.of(UpdateCompression.int8(), UpdateCompression.topK(0.01))) {
            var file = read(DESIGN + "compression: {name: " + compression.name()
                    + (compression.args().has("fraction") ? ", fraction: 1e-2}" : "}"));
            assertThat(file.trainingArgs().compression()).isEqualTo(compression);
            assertThat(read(new String(ExperimentYaml.write(file), StandardCharsets.UTF_8))
                            .trainingArgs())
                    .isEqualTo(file.trainingArgs());
        }
        assertThat(read(DESIGN + "compression: bfloat16").trainingArgs().compression())
                .isEqualTo(UpdateCompression.bfloat16());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "round: 3 | unknown key 'round'; the nearest known key is 'rounds'",
                "training_args: {epoch: 3} | unknown key 'training_args.epoch'; the nearest known key is 'training_args.epochs'",
                "training_args: {batch_size: 3} | 'training_args.batch_size' has its place one level deeper",
                "training_args: {epochs: 1.5} | 'training_args.epochs' must be a whole number, not 1.5",
                "training_args: {epochs: 0} | 'training_args.epochs' must be a whole number of at least 1, not 0",
                "training_args: {test_ratio: 1.2} | training_args.test_ratio must be at least 0 and less than 1, not 1.2",
                "training_args: {epochs: 1, num_updates: 2} | exactly one of epochs and num_updates",
                "training_args: {dry_run: 1} | 'training_args.dry_run' must be true or false, not 1",
                "training_args: {dp_args: {epsilon: 1}} | 'training_args.dp_args' asks for differential privacy, which is not there yet",
                "training_args: {fedprox_mu: -1} | training_args.fedprox_mu must be a finite number of at least 0, not -1",
                "training_args: {fedprox_mu: 1e999} | must be a finite number of at least 0, not Infinity",
                "training_args: {num_updates: 0} | 'training_args.num_updates' must be a whole number of at least 1, not 0",
                "training_args: {batch_maxnum: 0} | 'training_args.batch_maxnum' must be a whole number of at least 1, not 0",
                "training_args: {num_updates: 5, batch_maxnum: 2} | leave batch_maxnum out, or give epochs instead",
                "training_args: {log_interval: 0} | 'training_args.log_interval' must be a whole number of at least 1, not 0",
                "training_args: {test_ratio: 1} | test_ratio must be at least 0 and less than 1, not 1",
                "training_args: {test_ratio: -0.1} | test_ratio must be at least 0 and less than 1, not -0.1",
                "training_args: {test_on_global_updates: true} | but test_ratio is 0: no row would be held out",
                "training_args: {test_on_local_updates: true} | but test_ratio is 0: no row would be held out",
                "training_args: {shuffle_testing_dataset: true} | shuffle_testing_dataset speaks of held-out rows, but test_ratio is 0",
                "training_args: {test_batch_size: 8} | set test_ratio, or leave test_batch_size out",
                "training_args: {test_metric: f1} | set test_ratio, or leave test_metric out",
                "training_args: {test_metric_args: {beta: 2}} | set test_ratio, or leave test_metric_args out",
                "training_args: {test_ratio: 0.5, test_batch_size: 0} | 'training_args.test_batch_size' must be a whole number of at least 1",
                "training_args: {loader_args: {batch_size: 0}} | 'training_args.loader_args.batch_size' must be a whole number of at least 1, not 0",
                "training_args: {loader_args: {drop_last: 2}} | 'training_args.loader_args.drop_last' must be true or false, not 2",
                "training_args: {loader_args: {num_workers: 2}} | unknown key 'training_args.loader_args.num_workers'",
                "training_args: {use_gpu: cuda} | 'training_args.use_gpu' must be true or false, not ",
                "training_args: {share_persistent_buffers: 0} | 'training_args.share_persistent_buffers' must be true or false",
                "training_args: {optimizer_args: 0.1} | 'training_args.optimizer_args'",
                "seed: 1\\ntraining_args: {random_seed: 2} | they are the same thing",
                "datasets: [heart] | a dataset is written node/dataset",
                "datasets: [a/../x] | a dataset is written node/dataset",
                "tags: {a: b} | 'tags' must be a list of texts",
                "rounds: [ | is not YAML",
            })
    void whatIsWrongIsNamedWithWhatIsAllowed(String yaml, String expected) {
        var base = yaml.startsWith("rounds") ? "plan: P.java\n" : "plan: P.java\nrounds: 2\n";
        assertThatThrownBy(() -> read(base + yaml.replace("\\n", "\n")))
                .hasMessageStartingWith("e.yaml")
                .hasMessageContaining(expected);
    }

    @Test
    void aMissingPlanIsSaid() {
        assertThatThrownBy(() -> read("rounds: 1")).hasMessageContaining("'plan' must be a text, and is missing");
        assertThatThrownBy(() -> ExperimentYaml.read(Path.of("none.yaml"))).hasMessageContaining("no file none.yaml");
    }
}
