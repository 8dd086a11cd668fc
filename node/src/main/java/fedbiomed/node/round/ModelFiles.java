package fedbiomed.node.round;

import fedbiomed.parameters.Auxiliary;
import fedbiomed.parameters.CompressedUpdate;
import fedbiomed.parameters.CompressionScheme;
import fedbiomed.parameters.Parameters;
import fedbiomed.parameters.Safetensors;
import fedbiomed.parameters.VectorMath;
import fedbiomed.protocol.home.Durability;
import fedbiomed.protocol.message.Answer;
import fedbiomed.protocol.message.ParametersRef;
import fedbiomed.protocol.message.SealedRef;
import fedbiomed.protocol.store.ParameterStore;
import fedbiomed.protocol.store.TransferProgress;
import fedbiomed.training.NodeState;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.UpdateCompression;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The models that come and go: fetched into a job's folder, checked before they leave the node. */
final class ModelFiles {
    private static final Logger LOG = LoggerFactory.getLogger(ModelFiles.class);

    /** A trained model may be larger than the incoming one by this: its metadata may have grown. */
    static final long METADATA_BYTES = 64 << 10;

    private final ParameterStore store;
    private final long largestBytes;

    ModelFiles(ParameterStore store, long largestBytes) {
        this.store = store;
        this.largestBytes = largestBytes;
    }

    /** @param enclosed what came with the request that names {@code ref} */
    void fetch(@Nullable ParametersRef ref, List<SealedRef> enclosed, Path target) {
        if (ref == null) {
            throw new FedbiomedException(
                    ErrorCode.BAD_MESSAGE, "the request names no parameters; only one for statistics may do without");
        }
        if (ref.sizeBytes() > largestBytes) {
            throw new FedbiomedException(
                    ErrorCode.POLICY,
                    "the model has " + ref.sizeBytes() + " bytes; this node accepts at most " + largestBytes
                            + " (largest_model in its configuration)");
        }
        // a job that a power cut ends begins anew, in another folder
        store.download(Answer.find(enclosed, ref), target, Durability.PROCESS, TransferProgress.NONE);
    }

    /**
     * What training has written must be a model like the one that came, and finite: nothing else leaves the node.
     *
     * @param vectors that the request's correction sends along, each a tensor for every floating one of the model's
     */
    static void requireTrained(Path incoming, Path trained, List<String> vectors) {
        try {
            if (!Files.isRegularFile(trained, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
                throw failed("it left no trained model");
            }
            if (Files.size(trained) > (1 + vectors.size()) * Files.size(incoming) + METADATA_BYTES) {
                throw failed("the trained model is larger than the incoming one, which has " + Files.size(incoming)
                        + " bytes; a model must keep its structure");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot look at the trained model", e);
        }
        try (var before = Safetensors.open(incoming);
                var after = Safetensors.open(trained)) {
            leaving(before.parameters(), vectors).requireSameStructure(after.parameters());
            VectorMath.requireFinite(after.parameters(), "the trained model");
            if (!before.parameters().metadata().equals(after.parameters().metadata())) {
                throw failed("it changed what the model says beside its tensors (its metadata)");
            }
        } catch (FedbiomedException e) {
            if (e.code() == ErrorCode.PLAN_FAILED) {
                throw e;
            }
            // names and shapes in a file that a stranger's code has written could hold a row
            LOG.warn("a trained model was refused: {}", e.text());
            throw failed("the trained model has not the tensors of the incoming one (names, types, shapes), or numbers"
                    + " that are not finite; the node's own log says which");
        }
    }

    /** What came with the incoming model does not go back. */
    private static Parameters leaving(Parameters incoming, List<String> vectors) {
        var model = Auxiliary.model(incoming);
        var leaving = model;
        for (var vector : vectors) {
            leaving = Auxiliary.with(leaving, vector, Auxiliary.floating(model));
        }
        return leaving;
    }

    /** What stays for a later round must be such that it can be read then, and finite. */
    static void requireState(Path state) {
        try (var kept = Safetensors.open(state)) {
            VectorMath.requireFinite(kept.parameters(), "what stays at the node");
        } catch (FedbiomedException e) {
            LOG.warn("what stays at the node was refused: {}", e.text());
            throw failed(
                    "what stays at the node is no safetensors file, or holds numbers that are not finite; the node's"
                            + " own log says which");
        }
    }

    /**
     * What travels of a model that {@link #requireTrained} has let pass. What compression loses, where its scheme keeps it, is
     * taken from the predecessor's state and put into the training's.
     *
     * @param asked {@code null}: the trained model itself
     */
    static Path leaving(@Nullable UpdateCompression asked, Path incoming, Path trained) {
        if (asked == null) {
            return trained;
        }
        var scheme = CompressionScheme.of(asked);
        var compressed = trained.resolveSibling("compressed.safetensors");
        var lost = trained.resolveSibling("compression-error.safetensors");
        var before = NodeState.before(incoming);
        try (var global = Safetensors.open(incoming);
                var model = Safetensors.open(trained);
                var kept = scheme.keepsError() && Files.exists(before) ? Safetensors.open(before) : null) {
            var error = kept == null ? Parameters.builder().build() : CompressedUpdate.errorIn(kept.parameters());
            CompressedUpdate.write(scheme, global.parameters(), model.parameters(), error, compressed, lost);
        }
        if (scheme.keepsError()) {
            keep(lost, NodeState.after(trained));
        }
        return compressed;
    }

    private static void keep(Path lost, Path state) {
        var together = state.resolveSibling("state-and-error.safetensors");
        boolean others = Files.exists(state);
        if (others) {
            requireState(state);
        }
        try (var error = Safetensors.open(lost);
                var kept = others ? Safetensors.open(state) : null) {
            var own = kept == null ? Parameters.builder().build() : kept.parameters();
            if (!CompressedUpdate.errorIn(own).names().isEmpty()) {
                throw failed(
                        "what stays at the node has a name that is the compression's (" + CompressedUpdate.ERROR + ")");
            }
            Safetensors.writePassing(together, Auxiliary.with(own, CompressedUpdate.ERROR, error.parameters()));
        }
        try {
            Files.move(together, state, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep what compression has lost", e);
        }
    }

    private static FedbiomedException failed(String what) {
        return new FedbiomedException(ErrorCode.PLAN_FAILED, "the plan's result was refused: " + what);
    }

    /** Seals {@code file} beside itself, and makes it available. */
    SealedRef publish(Path file, PartyId researcher) {
        var entry = store.seal(file, file.resolveSibling(file.getFileName() + ".sealed"));
        store.upload(entry, List.of(researcher), TransferProgress.NONE);
        return entry.ref();
    }
}
