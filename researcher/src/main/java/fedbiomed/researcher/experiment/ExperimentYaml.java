package fedbiomed.researcher.experiment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import fedbiomed.protocol.home.AtomicFiles;
import fedbiomed.researcher.aggregator.FedAvg;
import fedbiomed.researcher.strategy.AllParticipants;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Json;
import fedbiomed.vocabulary.LoaderArgs;
import fedbiomed.vocabulary.OptimizerModule;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.TrainingArgs;
import fedbiomed.vocabulary.UpdateCompression;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code experiment.yaml}, read strictly: an unknown key is an error that names the nearest known one. */
final class ExperimentYaml {
    private static final int MAX_BYTES = 4 << 20;
    private static final String[] KEYS = {
        "tags",
        "nodes",
        "datasets",
        "plan",
        "model_args",
        "training_args",
        "aggregator",
        "strategy",
        "rounds",
        "early_stopping",
        "compression",
        "seed",
        "initial_model",
        "folder",
        "retain_full_history",
        "begun"
    };
    private static final String[] TRAINING_KEYS = {
        "epochs",
        "num_updates",
        "loader_args",
        "batch_maxnum",
        "dry_run",
        "log_interval",
        "test_ratio",
        "test_batch_size",
        "test_on_global_updates",
        "test_on_local_updates",
        "shuffle_testing_dataset",
        "test_metric",
        "test_metric_args",
        "fedprox_mu",
        "use_gpu",
        "share_persistent_buffers",
        "random_seed",
        "optimizer_args",
        "optimizer_modules"
    };
    private static final String[] STOPPING_KEYS = {"metric", "of", "mode", "patience", "min_delta"};
    private static final String[] LOADER_KEYS = {"batch_size", "shuffle", "drop_last"};
    /** What a node calls a dataset becomes part of file names here. */
    static final Pattern DATASET_ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    private static final YAMLMapper YAML = YAMLMapper.builder(YAMLFactory.builder()
                    .disable(YAMLGenerator.Feature.SPLIT_LINES)
                    .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                    .build())
            .build();

    private ExperimentYaml() {}

    /** Paths in the file are relative to its folder. */
    static ExperimentFile read(Path file) {
        try {
            var text = new String(AtomicFiles.readBounded(file, MAX_BYTES), StandardCharsets.UTF_8);
            return read(file.toString(), text, file.toAbsolutePath().getParent());
        } catch (NoSuchFileException e) {
            throw new FedbiomedException(
                    ErrorCode.BAD_MESSAGE, "there is no file " + file + "; give the path of an experiment.yaml", e);
        } catch (IOException e) {
            throw new FedbiomedException(
                    ErrorCode.BAD_MESSAGE,
                    "cannot read " + file + " (" + e.getClass().getSimpleName() + ")",
                    e);
        }
    }

    static ExperimentFile read(String source, String text, @Nullable Path base) {
        var keys = new StrictKeys(source, "", tree(source, text), KEYS);
        try {
            return new ExperimentFile(
                    new TreeSet<>(keys.texts("tags")),
                    new TreeSet<>(keys.texts("nodes").stream().map(PartyId::of).toList()),
                    new TreeSet<>(keys.texts("datasets").stream()
                            .map(ExperimentYaml::participant)
                            .toList()),
                    resolve(base, keys.text("plan")),
                    keys.args("model_args"),
                    trainingArgs(keys),
                    keys.named("aggregator", FedAvg.NAME),
                    keys.named("strategy", AllParticipants.NAME),
                    keys.count("rounds"),
                    earlyStopping(keys),
                    keys.has("initial_model") ? resolve(base, keys.text("initial_model")) : null,
                    keys.has("folder") ? resolve(base, keys.text("folder")) : null,
                    keys.has("retain_full_history") && keys.flag("retain_full_history"),
                    begun(keys));
        } catch (IllegalArgumentException e) {
            throw keys.problem(String.valueOf(e.getMessage()));
        }
    }

    private static Path resolve(@Nullable Path base, String path) {
        return base == null ? Path.of(path) : base.resolve(path);
    }

    /** @param text {@code node/dataset} */
    static Participant participant(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || !DATASET_ID.matcher(text.substring(slash + 1)).matches()) {
            throw new IllegalArgumentException("a dataset is written node/dataset as 'fedbiomed datasets' shows them,"
                    + " not '" + fedbiomed.vocabulary.Text.shown(text) + "'");
        }
        return new Participant(PartyId.of(text.substring(0, slash)), text.substring(slash + 1));
    }

    private static JsonNode tree(String source, String text) {
        try {
            var tree = YAML.readTree(text);
            return tree == null || tree.isMissingNode() ? YAML.createObjectNode() : tree;
        } catch (JsonProcessingException e) {
            var line =
                    e.getLocation() == null ? "" : " (line " + e.getLocation().getLineNr() + ")";
            throw new FedbiomedException(
                    ErrorCode.BAD_MESSAGE, source + " is not YAML" + line + ": " + e.getOriginalMessage(), e);
        }
    }

    private static TrainingArgs trainingArgs(StrictKeys keys) {
        for (var key : LOADER_KEYS) {
            var given = keys.get("training_args");
            if (given != null && given.has(key)) {
                throw keys.problem(
                        "'training_args." + key + "' has its place one level deeper, in 'training_args.loader_args'");
            }
        }
        var asked = keys.get("training_args");
        if (asked != null && asked.has("dp_args")) {
            throw keys.problem(
                    "'training_args.dp_args' asks for differential privacy, which is not there yet; leave it out"
                            + " if the experiment may run without");
        }
        var training = keys.inner("training_args", TRAINING_KEYS);
        var builder = TrainingArgs.builder();
        if (training.has("epochs")) {
            builder.epochs(training.count("epochs"));
        }
        if (training.has("num_updates")) {
            builder.numUpdates(training.count("num_updates"));
        }
        if (training.has("batch_maxnum")) {
            builder.batchMaxnum(training.count("batch_maxnum"));
        }
        if (training.has("log_interval")) {
            builder.logInterval(training.count("log_interval"));
        }
        if (training.has("test_ratio")) {
            double ratio = training.number("test_ratio");
            if (ratio == 1) {
                throw training.problem(
                        "test_ratio must be at least 0 and less than 1, not 1: no row would be left to train on");
            }
            builder.testRatio(ratio);
        }
        if (training.has("test_batch_size")) {
            builder.testBatchSize(training.count("test_batch_size"));
        }
        if (training.has("test_metric")) {
            builder.testMetric(training.texts("test_metric").toArray(String[]::new));
        }
        if (training.has("fedprox_mu")) {
            builder.fedproxMu(training.number("fedprox_mu"));
        }
        if (keys.has("compression")) {
            var compression = keys.named("compression", "");
            builder.compression(new UpdateCompression(compression.name(), compression.args()));
        }
        builder.optimizerModules(training.eachNamed("optimizer_modules").stream()
                .map(module -> new OptimizerModule(module.name(), module.args()))
                .toList());
        return builder.loaderArgs(loaderArgs(training.inner("loader_args", LOADER_KEYS)))
                .dryRun(training.has("dry_run") && training.flag("dry_run"))
                .testOnGlobalUpdates(training.has("test_on_global_updates") && training.flag("test_on_global_updates"))
                .testOnLocalUpdates(training.has("test_on_local_updates") && training.flag("test_on_local_updates"))
                .shuffleTestingDataset(
                        training.has("shuffle_testing_dataset") && training.flag("shuffle_testing_dataset"))
                .testMetricArgs(training.args("test_metric_args"))
                .useGpu(training.has("use_gpu") && training.flag("use_gpu"))
                .sharePersistentBuffers(
                        !training.has("share_persistent_buffers") || training.flag("share_persistent_buffers"))
                .optimizerArgs(training.args("optimizer_args"))
                .randomSeed(seed(keys, training))
                .build();
    }

    private static LoaderArgs loaderArgs(StrictKeys loader) {
        return new LoaderArgs(
                loader.has("batch_size") ? loader.count("batch_size") : LoaderArgs.DEFAULT_BATCH_SIZE,
                loader.has("shuffle") ? loader.flag("shuffle") : LoaderArgs.DEFAULT.shuffle(),
                loader.has("drop_last") ? loader.flag("drop_last") : LoaderArgs.DEFAULT.dropLast());
    }

    /** Fed-BioMed has it among the training arguments. */
    private static long seed(StrictKeys keys, StrictKeys training) {
        long seed = keys.has("seed") ? keys.integer("seed") : 0;
        if (!training.has("random_seed")) {
            return seed;
        }
        long other = training.integer("random_seed");
        if (keys.has("seed") && other != seed) {
            throw keys.problem("'seed' is " + seed + " and 'training_args.random_seed' is " + other
                    + "; they are the same thing, give one of them");
        }
        return other;
    }

    private static @Nullable EarlyStopping earlyStopping(StrictKeys keys) {
        if (!keys.has("early_stopping")) {
            return null;
        }
        var stopping = keys.inner("early_stopping", STOPPING_KEYS);
        return EarlyStopping.of(
                stopping.text("metric"),
                stopping.has("of") ? stopping.text("of") : null,
                stopping.has("mode") ? stopping.text("mode") : null,
                stopping.count("patience"),
                stopping.has("min_delta") ? stopping.number("min_delta") : 0);
    }

    private static ExperimentFile.@Nullable Begun begun(StrictKeys keys) {
        var node = keys.get("begun");
        if (node == null) {
            return null;
        }
        var format = node.path("format");
        if (format.asInt(1) > ExperimentFolder.FORMAT) {
            throw keys.problem("the experiment was written by a later version of this program (format " + format.asInt()
                    + ", and this one reads up to " + ExperimentFolder.FORMAT + "); go on with that version");
        }
        try {
            return Json.MAPPER.treeToValue(node, ExperimentFile.Begun.class);
        } catch (JsonProcessingException e) {
            throw keys.problem("'begun' is damaged; it is written by the program and not to be edited");
        }
    }

    static byte[] write(ExperimentFile file) {
        var tree = YAML.createObjectNode();
        tree.set("tags", Json.MAPPER.valueToTree(file.tags()));
        tree.set("nodes", Json.MAPPER.valueToTree(file.nodes()));
        tree.set(
                "datasets",
                Json.MAPPER.valueToTree(
                        file.datasets().stream().map(Participant::toString).toList()));
        // within the folder, which may be moved
        tree.put(
                "plan",
                file.begun() == null
                        ? file.plan().toString()
                        : "plan/" + file.plan().getFileName());
        tree.set("model_args", Json.MAPPER.valueToTree(file.modelArgs()));
        ObjectNode training = Json.MAPPER.valueToTree(file.trainingArgs());
        training.remove("random_seed");
        // the aggregator's, which stands below
        training.remove("correction");
        training.remove("compression");
        var modules = training.putArray("optimizer_modules");
        file.trainingArgs()
                .optimizerModules()
                .forEach(module -> modules.add(named(new NamedArgs(module.name(), module.args()))));
        tree.set("training_args", training);
        tree.set("aggregator", named(file.aggregator()));
        tree.set("strategy", named(file.strategy()));
        tree.put("rounds", file.rounds());
        var compression = file.trainingArgs().compression();
        if (compression != null) {
            tree.set("compression", named(new NamedArgs(compression.name(), compression.args())));
        }
        var stopping = file.earlyStopping();
        if (stopping != null) {
            tree.putObject("early_stopping")
                    .put("metric", stopping.metric())
                    .put("of", stopping.of().name().toLowerCase(java.util.Locale.ROOT))
                    .put("mode", stopping.mode())
                    .put("patience", stopping.patience())
                    .put("min_delta", stopping.minDelta());
        }
        tree.put("seed", file.seed());
        if (file.initialModel() != null) {
            tree.put("initial_model", file.initialModel().toAbsolutePath().toString());
        }
        tree.put("retain_full_history", file.retainFullHistory());
        tree.set("begun", Json.MAPPER.valueToTree(file.begun()));
        try {
            return YAML.writeValueAsBytes(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree can be written as YAML", e);
        }
    }

    private static ObjectNode named(NamedArgs named) {
        ObjectNode node = Json.MAPPER.valueToTree(named.args());
        return node.put("name", named.name());
    }
}
