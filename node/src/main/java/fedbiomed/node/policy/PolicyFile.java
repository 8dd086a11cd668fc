package fedbiomed.node.policy;

import fedbiomed.node.yaml.YamlLines;
import fedbiomed.node.yaml.YamlProblem;
import fedbiomed.protocol.home.AtomicFiles;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@code policy.yaml} of a node's home, read again whenever its content changes. Where there is none, the defaults
 * hold. One that cannot be read allows nothing, and so does one that was there while the node ran and is gone: an
 * editor may just be writing it.
 */
public final class PolicyFile implements PolicySource {
    public static final String FILE = "policy.yaml";
    private static final Logger LOG = LoggerFactory.getLogger(PolicyFile.class);
    private static final int MAX_BYTES = 1 << 18;

    private final Path file;
    private final PartyId node;
    private final int formerMinimum;
    private final Consumer<Change> onChange;
    private byte @Nullable [] content;
    private @Nullable Policy policy;
    private @Nullable String problem;
    private boolean looked;

    /** @param sha256 of the file; {@code null} if there is none @param problem {@code null} if it can be read */
    public record Change(@Nullable String sha256, @Nullable String problem) {}

    /**
     * @param formerMinimum {@code minimum_samples} as {@code config.yaml} had it once, 0 if it has none: holds where the
     *     file says nothing of it, or less
     * @param onChange told of each content that is new before it holds; where that fails, it does not
     */
    public PolicyFile(Path home, PartyId node, int formerMinimum, Consumer<Change> onChange) {
        this.file = home.resolve(FILE);
        this.node = node;
        this.formerMinimum = formerMinimum;
        this.onChange = onChange;
    }

    /** Writes the defaults, explained, where there is no such file. */
    public static void writeDefaults(Path home) throws IOException {
        var file = home.resolve(FILE);
        if (!Files.exists(file)) {
            AtomicFiles.writeOwnerOnly(file, PolicyTemplate.TEXT.getBytes(StandardCharsets.UTF_8));
        }
    }

    /**
     * What holds by {@code file}.
     *
     * @param formerMinimum as in the constructor
     * @throws YamlProblem if it cannot be read
     */
    public static Policy read(Path file, int formerMinimum) {
        try {
            return parse(AtomicFiles.readBounded(file, MAX_BYTES), formerMinimum);
        } catch (NoSuchFileException e) {
            throw new YamlProblem(0, "there is no such file");
        } catch (IOException e) {
            throw new YamlProblem(0, "the file cannot be read (" + e + ")");
        }
    }

    /** What holds at {@code home}: its file, or the defaults. @throws YamlProblem if the file cannot be read */
    public static Policy of(Path home, int formerMinimum) {
        var file = home.resolve(FILE);
        return Files.exists(file) ? read(file, formerMinimum) : Policy.defaults(formerMinimum);
    }

    private static Policy parse(byte[] bytes, int formerMinimum) {
        return PolicyYaml.read(YamlLines.text(bytes), Policy.defaults(formerMinimum))
                .withAtLeast(formerMinimum);
    }

    /**
     * What holds now.
     *
     * @throws FedbiomedException if it cannot be read; its text may be sent, what is wrong stands in the node's log
     */
    @Override
    public synchronized Policy current() {
        look();
        var now = policy;
        if (now == null) {
            throw FedbiomedException.byRule(
                    PolicyRule.POLICY_FILE.key(),
                    "node '" + node + "' cannot read its policy and does nothing until it can (rule: policy_file); its"
                            + " data manager runs 'fedbiomed node policy check' and mends the file");
        }
        return now;
    }

    @Override
    public synchronized @Nullable String problem() {
        look();
        return problem;
    }

    private void look() {
        byte[] bytes;
        try {
            bytes = AtomicFiles.readBounded(file, MAX_BYTES);
        } catch (NoSuchFileException e) {
            bytes = null;
        } catch (IOException e) {
            take(null, null, "the file cannot be read (" + e + ")");
            return;
        }
        if (looked && problem == null && Arrays.equals(bytes, content)) {
            return;
        }
        if (bytes == null) {
            var gone = content != null;
            take(
                    gone ? content : null,
                    gone ? null : Policy.defaults(formerMinimum),
                    gone
                            ? "the file was there and is gone; put it back, or start the node again to work by the"
                                    + " defaults"
                            : null);
            return;
        }
        try {
            take(bytes, parse(bytes, formerMinimum), null);
        } catch (YamlProblem e) {
            take(bytes, null, e.text());
        }
    }

    private void take(byte @Nullable [] bytes, @Nullable Policy read, @Nullable String wrong) {
        if (looked && java.util.Objects.equals(wrong, problem) && Arrays.equals(bytes, content)) {
            return;
        }
        // until it is recorded, nothing is allowed
        policy = null;
        onChange.accept(new Change(bytes == null ? null : Sha256.of(bytes), wrong));
        if (wrong != null) {
            LOG.error("{}: {}; no request is served until it is mended", file, wrong);
        } else if (looked) {
            LOG.info("{} has changed and holds from now on", file);
        }
        looked = true;
        content = bytes;
        problem = wrong;
        policy = read;
    }
}
