package fedbiomed.simulation;

import fedbiomed.data.SplitMix64;
import fedbiomed.parameters.Safetensors;
import fedbiomed.protocol.store.SealedEntry;
import fedbiomed.vocabulary.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/** The shared folder as one node sees it. What leaves is what the node's {@link Behaviour} makes of it. */
final class NodeFolder extends SharedFolder {
    private final SimulatedNode node;
    private final long seed;
    /** By the trained model's file. */
    private final Map<Path, Training> trainings = new ConcurrentHashMap<>();

    private record Training(Path global, int round) {}

    NodeFolder(Path folder, SimulatedNode node, long seed) {
        super(folder);
        this.node = node;
        this.seed = seed;
    }

    /** The model that was trained from {@code global} lies in {@code trained}, and is to be sealed next. */
    void trained(Path global, Path trained, int round) {
        trainings.put(trained, new Training(global, round));
    }

    @Override
    public SealedEntry seal(Path plain, Path file) {
        var training = trainings.remove(plain);
        var transformation = node.behaviour().transformation();
        if (training == null || transformation == null) {
            return super.seal(plain, file);
        }
        transform(transformation, training, plain, file);
        try {
            return entry(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** Makes of the model that was trained from {@code global} what the behaviour makes of it, in its place. */
    void transform(Path global, Path trained, int round) {
        var transformation = node.behaviour().transformation();
        if (transformation == null) {
            return;
        }
        var other = trained.resolveSibling("transformed.safetensors");
        transform(transformation, new Training(global, round), trained, other);
        try {
            Files.move(other, trained, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + trained, e);
        }
    }

    private void transform(UpdateTransformation transformation, Training training, Path plain, Path target) {
        try (var global = Safetensors.open(training.global());
                var trained = Safetensors.open(plain)) {
            var sent = transformation.of(new UpdateTransformation.Update(
                    node.name(),
                    training.round(),
                    global.parameters(),
                    trained.parameters(),
                    random(training.round())));
            Safetensors.writePassing(target, sent);
        }
    }

    /** What a behaviour draws in a round. */
    RandomGenerator random(int round) {
        var name = Sha256.digest().digest(node.name().value().getBytes(StandardCharsets.UTF_8));
        var drawn = new SplitMix64(SplitMix64.mixed(seed, ByteBuffer.wrap(name).getLong(), round));
        return drawn::next;
    }
}
