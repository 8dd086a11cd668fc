package fedbiomed.training.worker;

import fedbiomed.data.DatasetKinds;
import fedbiomed.data.source.ReadProgress;
import fedbiomed.data.source.StoredDataset;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.io.IOException;

/**
 * The process that describes a dataset whose files native code reads: one {@link StoredDataset} from stdin, answered on
 * stdout ({@link DescriptionReply}, {@link WorkerFrames}). A file that crashes that code ends this process alone. Started
 * as {@link WorkerMain} is.
 */
public final class DescriptionMain {
    /** Samples may be millions; nobody sees more of their number than this a second. */
    private static final long PROGRESS_NANOS = 100_000_000;

    private DescriptionMain() {}

    static void main() throws IOException {
        var parent = ParentLink.open();
        var data = parent.next(StoredDataset.class);
        if (data != null) {
            try {
                parent.send(reply(data, parent));
            } catch (FedbiomedException e) {
                parent.send(unfit(data, "what there is to say of its columns is too much; leave columns out", e));
            }
        }
        System.exit(0);
    }

    @SuppressWarnings("CatchingUnchecked") // whatever happens, the node gets an answer
    private static DescriptionReply reply(StoredDataset data, ParentLink parent) {
        try {
            return new DescriptionReply.Done(DatasetKinds.describe(data, new Telling(parent)));
        } catch (FedbiomedException e) {
            return new DescriptionReply.Failed(e.code(), e.text(), ParentLink.detail(e));
        } catch (OutOfMemoryError e) {
            return unfit(
                    data,
                    "reading it takes more memory than a worker has; split it, or raise 'worker_heap' and 'worker_memory'"
                            + " in the node's config.yaml",
                    e);
        } catch (Throwable thrown) {
            return unfit(
                    data,
                    "reading it failed with " + thrown.getClass().getName() + "; the newest file in the home's folder"
                            + " 'logs' has the rest",
                    thrown);
        }
    }

    private static DescriptionReply unfit(StoredDataset data, String what, Throwable cause) {
        return new DescriptionReply.Failed(
                ErrorCode.DATA_UNFIT,
                Text.shown(String.valueOf(data.path().getFileName())) + ": " + what,
                ParentLink.detail(cause));
    }

    private static final class Telling implements ReadProgress {
        private final ParentLink parent;
        private long told = System.nanoTime() - PROGRESS_NANOS;

        Telling(ParentLink parent) {
            this.parent = parent;
        }

        @Override
        public synchronized void read(long done, long samples) {
            long now = System.nanoTime();
            if (now - told >= PROGRESS_NANOS) {
                told = now;
                parent.send(new DescriptionReply.Progress(done, samples));
            }
        }
    }
}
