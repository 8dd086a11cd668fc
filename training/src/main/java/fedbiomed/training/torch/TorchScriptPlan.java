package fedbiomed.training.torch;

import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A network that Python wrote as TorchScript ({@code torch.jit.script(model).save("net.pt")}), an attachment of the plan.
 * Everything else is as in {@link TorchPlan}; the parameters have the names of the state dict.
 */
public abstract class TorchScriptPlan extends TorchPlan {
    private @Nullable Path file;

    /** The attachment's file name, e.g. {@code net.pt}. */
    public abstract String script();

    /** Whether a network is taken whose dropout and batch normalisation were fixed when it was traced. */
    public boolean fixedMode() {
        return false;
    }

    @Override
    protected final List<String> attachments() {
        return List.of(script());
    }

    /**
     * Before {@link #model}, whose exceptions are told without their text.
     *
     * @throws FedbiomedException {@code PLAN_INVALID} if there is no such attachment, or it was traced in a fixed mode
     */
    final void open(String name, @Nullable Path attachments) {
        var there = attachments == null || name.contains("/") || name.contains("\\") ? null : attachments.resolve(name);
        if (there == null || !Files.isRegularFile(there)) {
            throw new FedbiomedException(
                    ErrorCode.PLAN_INVALID,
                    "the plan's attachment '" + Text.shown(name) + "' is not there; put the file beside the plan");
        }
        if (!fixedMode()) {
            new TorchScriptFile(there).requireFollowsMode();
        }
        file = there;
    }

    @Override
    public TorchModule model(Args args) {
        return new ScriptModule(Objects.requireNonNull(file, "opened before the model is made"));
    }
}
