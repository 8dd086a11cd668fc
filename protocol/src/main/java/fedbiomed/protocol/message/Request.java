package fedbiomed.protocol.message;

import fedbiomed.vocabulary.Attachment;
import fedbiomed.vocabulary.PlanId;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a researcher asks a node. A request is its content: its id is the SHA-256 of its body as first written, so the
 * same question has one id and one answer. The short questions carry a {@code nonce}, since their answers change.
 */
public sealed interface Request extends Message {
    /** Datasets that have all {@code tags}. */
    record Search(SortedSet<String> tags, String nonce) implements Request {
        public Search {
            tags = new TreeSet<>(tags);
        }
    }

    /** All datasets that the node shares. */
    record ListDatasets(String nonce) implements Request {}

    /** Where a plan stands at the node. */
    record PlanState(PlanId plan, String nonce) implements Request {}

    /**
     * Asks the data manager to review a plan. The node stores text and attachments; the plan's id is computed there.
     *
     * @param source the plan's text
     * @param attachments its files, which the node fetches from the parameter store
     * @param note what the researcher tells the data manager, at most 2,000 characters
     */
    record Approval(String source, List<Attachment> attachments, String note, String nonce) implements Request {
        public static final int MAX_NOTE_CHARS = 2000;

        public Approval {
            attachments = List.copyOf(attachments);
        }
    }

    /** The moments of the training rows that the plan's pre-processing needs, before round 1. */
    record Statistics(Job job) implements Request {}

    /** One round of training. */
    record Train(Job job) implements Request {}

    /** A test of given parameters on the held-out rows, without training. */
    record Evaluate(Job job) implements Request {}

    /**
     * Before round 1: compiles the plan, opens the data, and takes a few batches forward and back with freshly initialised
     * parameters; nothing of it is kept. The job has no parameters and no statistics: each node's own stand in for them.
     */
    record Check(Job job) implements Request {}
}
