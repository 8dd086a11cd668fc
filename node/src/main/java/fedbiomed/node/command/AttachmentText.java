package fedbiomed.node.command;

import fedbiomed.node.registry.AttachmentStore;
import fedbiomed.training.torch.TorchScriptFile;
import fedbiomed.vocabulary.Attachment;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * A plan's attachment as the data manager sees it.
 *
 * @param named name, size and hash in a line
 * @param isCode whether {@code content} is a TorchScript network's code, which is read and not run
 * @param content the code, else why there is none
 */
record AttachmentText(String named, boolean isCode, PlanText content) {
    /** How a ZIP archive begins, and so a TorchScript file. */
    private static final byte[] ZIP = {'P', 'K', 3, 4};

    static AttachmentText of(Attachment attachment, AttachmentStore files) {
        var named = attachment.name() + ", " + attachment.sizeBytes() + " bytes, SHA-256 " + attachment.sha256();
        var file = files.file(attachment);
        var obstacle = obstacle(attachment, file);
        if (obstacle.isPresent()) {
            return new AttachmentText(named, false, PlanText.of(obstacle.get()));
        }
        try {
            return new AttachmentText(named, true, PlanText.of(new TorchScriptFile(file).code()));
        } catch (FedbiomedException e) {
            return new AttachmentText(
                    named,
                    false,
                    PlanText.of("(Its content is not shown: "
                            + e.text().replace(String.valueOf(file.getFileName()), attachment.name()) + ")"));
        }
    }

    /** Why the file has no code to show. */
    private static Optional<String> obstacle(Attachment attachment, Path file) {
        try {
            if (!Sha256.of(file).equals(attachment.sha256())) {
                return Optional.of(
                        "(The file at this node has another content by now; such a plan does not run. Put the right one"
                                + " back with 'plan add'.)");
            }
            try (var in = Files.newInputStream(file)) {
                if (!Arrays.equals(in.readNBytes(ZIP.length), ZIP)) {
                    return Optional.of("(This is no TorchScript network; its content is not shown.)");
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("(The file is not at this node: " + e.getClass().getSimpleName()
                    + "; put it back with 'plan add'.)");
        }
    }
}
