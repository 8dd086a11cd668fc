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

/**
 * A plan's attachment as the data manager sees it.
 *
 * @param named name, size and hash in a line
 * @param content a TorchScript network's code, which is read and not run; else why there is none
 */
record AttachmentText(String named, PlanText content) {
    /** How a ZIP archive begins, and so a TorchScript file. */
    private static final byte[] ZIP = {'P', 'K', 3, 4};

    static AttachmentText of(Attachment attachment, AttachmentStore files) {
        return new AttachmentText(
                attachment.name() + ", " + attachment.sizeBytes() + " bytes, SHA-256 " + attachment.sha256(),
                PlanText.of(content(attachment, files.file(attachment))));
    }

    private static String content(Attachment attachment, Path file) {
        try {
            if (!Sha256.of(file).equals(attachment.sha256())) {
                return "(The file at this node has another content by now; such a plan does not run. Put the right one"
                        + " back with 'plan add'.)";
            }
            try (var in = Files.newInputStream(file)) {
                if (!Arrays.equals(in.readNBytes(ZIP.length), ZIP)) {
                    return "(This is no TorchScript network; its content is not shown.)";
                }
            }
            return new TorchScriptFile(file).code();
        } catch (FedbiomedException e) {
            return "(Its content is not shown: "
                    + e.text().replace(String.valueOf(file.getFileName()), attachment.name()) + ")";
        } catch (IOException e) {
            return "(The file is not at this node: " + e.getClass().getSimpleName() + "; put it back with 'plan add'.)";
        }
    }
}
