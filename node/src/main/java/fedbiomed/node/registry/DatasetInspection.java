package fedbiomed.node.registry;

import fedbiomed.data.source.DatasetContent;
import fedbiomed.data.source.ReadProgress;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.nio.file.Files;
import org.jspecify.annotations.Nullable;

/**
 * What became of a dataset since it was added. For the data manager: the text names files.
 *
 * @param text what is wrong and what to do; empty if nothing
 * @param found its content as it is now; {@code null} if it cannot be read
 * @param state of its files as they are now; {@code null} if there are none
 */
public record DatasetInspection(
        RegisteredDataset dataset,
        Condition condition,
        String text,
        @Nullable DatasetContent found,
        @Nullable FileState state) {
    public enum Condition {
        OK("ok"),
        /** Lengths or times of its files differ; what is in them was not looked at. */
        TOUCHED("changed?"),
        CHANGED("changed"),
        MISSING("missing"),
        UNFIT("unfit");

        private final String word;

        Condition(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    /** Looks at its files' lengths and times alone. */
    public static Condition glance(RegisteredDataset dataset) {
        try {
            return FileState.of(dataset.path()).equals(dataset.fileState()) ? Condition.OK : Condition.TOUCHED;
        } catch (IOException | FedbiomedException _) {
            return Files.exists(dataset.path()) ? Condition.TOUCHED : Condition.MISSING;
        }
    }

    /** Reads all of it. What was touched and has the same content is known as it is from then on. */
    public static DatasetInspection of(DatasetRegistry registry, RegisteredDataset dataset, ReadProgress progress) {
        if (!Files.exists(dataset.path())) {
            return new DatasetInspection(
                    dataset,
                    Condition.MISSING,
                    "there is nothing at " + dataset.path()
                            + "; restore it, or share it no longer: fedbiomed node dataset remove " + dataset.id(),
                    null,
                    null);
        }
        try {
            var state = FileState.of(dataset.path());
            var found = registry.read(dataset.stored(), progress);
            if (!state.equals(FileState.of(dataset.path()))) {
                return unfit(dataset, "it changed while it was read; check it again when nothing writes to it");
            }
            if (found.fingerprint().equals(dataset.description().fingerprint())) {
                return new DatasetInspection(registry.seen(dataset, state), Condition.OK, "", found, state);
            }
            return new DatasetInspection(
                    dataset,
                    Condition.CHANGED,
                    "its content is not what it was when it was added; restore it, or look at the changes and accept"
                            + " them: fedbiomed node dataset accept-changes " + dataset.id(),
                    found,
                    state);
        } catch (IOException e) {
            return unfit(dataset, "it cannot be read (" + e.getClass().getSimpleName() + "); check its permissions");
        } catch (FedbiomedException e) {
            return e.code() == ErrorCode.DATA_UNFIT || e.code() == ErrorCode.UNSUPPORTED
                    ? unfit(dataset, e.text())
                    : new DatasetInspection(dataset, Condition.MISSING, e.text(), null, null);
        }
    }

    private static DatasetInspection unfit(RegisteredDataset dataset, String text) {
        return new DatasetInspection(dataset, Condition.UNFIT, text, null, null);
    }
}
