package fedbiomed.data.signal.folder;

import fedbiomed.data.signal.Recording;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The recordings that were read last, kept open: a batch reads windows of many, and opening one takes longer than reading
 * a window. Those that nobody closes are closed when they are no longer reachable, as every file channel is.
 */
final class OpenRecordings {
    /** A worker may have 256 files open, and has its libraries' already (docs/sandbox.md). */
    static final int MAX_FILES = 64;

    private final List<RecordingFile> files;
    /** Least recently used first. */
    private final Map<Integer, Open> open = new LinkedHashMap<>(16, 0.75f, true);

    private int openFiles;

    private static final class Open {
        private final Recording recording;
        private final int files;
        private int users;
        private boolean dropped;

        Open(Recording recording, int files) {
            this.recording = recording;
            this.files = files;
        }
    }

    OpenRecordings(List<RecordingFile> files) {
        this.files = files;
    }

    /** @throws fedbiomed.vocabulary.FedbiomedException if it cannot be opened */
    void use(int index, Consumer<Recording> action) {
        var used = lease(index);
        try {
            action.accept(used.recording);
        } finally {
            release(used);
        }
    }

    private Open lease(int index) {
        synchronized (this) {
            var there = open.get(index);
            if (there != null) {
                there.users++;
                return there;
            }
        }
        // opened beside the lock, so that a slow disk does not hold up those whose recording is there
        var file = files.get(index);
        var opened = new Open(file.open(), file.openFiles());
        synchronized (this) {
            var there = open.get(index);
            if (there != null) {
                opened.recording.close();
                there.users++;
                return there;
            }
            opened.users++;
            open.put(index, opened);
            openFiles += opened.files;
            drop(opened);
            return opened;
        }
    }

    private void drop(Open kept) {
        for (var entry : new ArrayList<>(open.entrySet())) {
            if (openFiles <= MAX_FILES) {
                return;
            }
            var oldest = entry.getValue();
            if (oldest != kept) {
                open.remove(entry.getKey());
                openFiles -= oldest.files;
                oldest.dropped = true;
                closeUnused(oldest);
            }
        }
    }

    private synchronized void release(Open used) {
        used.users--;
        closeUnused(used);
    }

    private static void closeUnused(Open one) {
        if (one.dropped && one.users == 0) {
            one.recording.close();
        }
    }
}
