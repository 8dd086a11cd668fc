package fedbiomed.training.torch;

import fedbiomed.parameters.Parameters;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.zip.ZipFile;
import org.bytedeco.javacpp.PointerScope;
import org.jspecify.annotations.Nullable;

/** A TorchScript file, as Python's {@code torch.jit.script(model).save(file)} writes it. @param path of the file */
public record TorchScriptFile(Path path) {
    /** More code than this nobody reads, and no network has. */
    private static final int MAX_CODE_BYTES = 4 << 20;

    /** The end of a ZIP archive that has no comment, PKWARE's APPNOTE 4.3.16; then where the directory's length stands. */
    private static final int END_BYTES = 22;

    private static final int END_SIGNATURE = 0x06054b50;
    private static final int DIRECTORY_LENGTH_AT = 12;

    /** A directory is read whole into memory; a network's has some hundred entries. */
    private static final int MAX_DIRECTORY_BYTES = 4 << 20;

    /** Traced calls hold the mode as a constant; scripted ones a variable. */
    private static final Pattern CONSTANT_MODE =
            Pattern.compile("torch\\.(?:(?:feature_)?(?:alpha_)?dropout_?\\([^()]*, [0-9.e-]+, (True|False)\\)"
                    + "|batch_norm\\([^()]*?, (True|False), [0-9.e-]+, [0-9.e-]+, (?:True|False)\\))");

    /**
     * The file's code as text, for people: read without running or loading any of it. Nothing of it can be hidden by a
     * name: PyTorch finds an archive's entries whatever the case of their letters.
     *
     * @throws FedbiomedException {@code PLAN_INVALID} if it is no TorchScript file
     */
    public String code() {
        var code = new StringBuilder();
        var names = new HashSet<String>();
        requireModestDirectory();
        try (var zip = new ZipFile(path.toFile())) {
            for (var entry : zip.stream().toList()) {
                var name = entry.getName().toLowerCase(Locale.ROOT);
                if (!names.add(name)) {
                    throw invalid("has two entries of the name " + Text.shown(name), null);
                }
                if (name.contains("/code/") && name.endsWith(".py")) {
                    try (var in = zip.getInputStream(entry)) {
                        code.append("# ").append(entry.getName()).append('\n');
                        code.append(new String(in.readNBytes(MAX_CODE_BYTES - code.length()), StandardCharsets.UTF_8));
                        code.append('\n');
                    }
                    if (code.length() >= MAX_CODE_BYTES / 2) {
                        throw invalid("holds more code than " + MAX_CODE_BYTES / 2 + " characters", null);
                    }
                }
            }
        } catch (IOException e) {
            throw invalid("cannot be read", e);
        }
        if (code.isEmpty()) {
            throw invalid("holds no code", null);
        }
        return code.toString();
    }

    /** Also that PyTorch and we see the same archive: one that ends elsewhere could show us another directory. */
    private void requireModestDirectory() {
        try (var file = FileChannel.open(path)) {
            var end = ByteBuffer.allocate(END_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            file.position(Math.max(0, file.size() - END_BYTES));
            while (end.hasRemaining() && file.read(end) >= 0) {
                // on until it is full
            }
            if (end.hasRemaining() || end.getInt(0) != END_SIGNATURE) {
                throw invalid("does not end as PyTorch ends it", null);
            }
            if (Integer.compareUnsigned(end.getInt(DIRECTORY_LENGTH_AT), MAX_DIRECTORY_BYTES) > 0) {
                throw invalid("has a directory of more than " + MAX_DIRECTORY_BYTES + " bytes", null);
            }
        } catch (IOException e) {
            throw invalid("cannot be read", e);
        }
    }

    /**
     * That dropout and batch normalisation follow the mode. One that was traced ({@code torch.jit.trace}) does for ever
     * what it did then: traced in evaluation mode it would be trained with both switched off.
     *
     * @throws FedbiomedException {@code PLAN_INVALID} saying the mode in which it was traced
     */
    public void requireFollowsMode() {
        var found = CONSTANT_MODE.matcher(code());
        if (found.find()) {
            boolean training = "True".equals(found.group(1)) || "True".equals(found.group(2));
            throw invalid(
                    "was traced in " + (training ? "training" : "evaluation")
                            + " mode: its dropout or batch normalisation no longer switches between training and"
                            + " evaluation; export it by torch.jit.script, or let the plan's fixedMode() return true",
                    null);
        }
    }

    /**
     * Writes the network with these parameters as TorchScript that Python loads ({@code torch.jit.load}).
     *
     * @throws FedbiomedException naming the tensor that is not the network's
     */
    public void export(Parameters parameters, Path target) {
        try (var _ = new PointerScope()) {
            var module = new ScriptModule(path);
            NativeTensors.load(NativeTensors.of(module), parameters);
            module.script.eval();
            module.script.save(target.toString());
        }
    }

    private FedbiomedException invalid(String what, @Nullable IOException cause) {
        var text = "the TorchScript file " + path.getFileName() + " " + what;
        return cause == null
                ? new FedbiomedException(ErrorCode.PLAN_INVALID, text)
                : new FedbiomedException(
                        ErrorCode.PLAN_INVALID, text + "; write it by torch.jit.script(model).save(...)", cause);
    }
}
