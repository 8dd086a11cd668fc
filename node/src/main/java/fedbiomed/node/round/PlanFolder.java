package fedbiomed.node.round;

import fedbiomed.node.registry.AttachmentStore;
import fedbiomed.node.registry.ReviewedPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A plan as its worker gets it: the text that was reviewed, and beside it copies of its attachments. */
final class PlanFolder {
    private PlanFolder() {}

    /**
     * Writes the plan into a folder of its own within {@code job}.
     *
     * @return the source file
     * @throws fedbiomed.vocabulary.FedbiomedException {@code PLAN_INVALID} if an attachment is missing or was changed
     */
    static Path write(Path job, ReviewedPlan plan, AttachmentStore files) {
        try {
            var folder = Files.createDirectory(job.resolve("plan"));
            for (var attachment : plan.source().attachments()) {
                files.copyTo(attachment, folder.resolve(attachment.name()));
            }
            return Files.writeString(
                    folder.resolve(plan.className() + ".java"), plan.source().text());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the plan into the job's folder", e);
        }
    }
}
