package fedbiomed.data.volume;

import fedbiomed.data.source.ReadProgress;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/** All volumes of an array read once, on several threads. */
public final class SoundVolumes {
    /** A volume is read, turned, transformed: so many bytes a voxel are held at a time. */
    private static final int BYTES_A_VOXEL = 4 * Float.BYTES;

    private SoundVolumes() {}

    /** However many threads there are: volumes of half the heap at a time, or one that is larger. */
    private static int roomMebivoxels() {
        return (int) Math.max(1, (Runtime.getRuntime().maxMemory() / 2 / BYTES_A_VOXEL) >> 20);
    }

    /**
     * @param files of the samples, relative to the dataset's folder
     * @throws FedbiomedException DATA_UNFIT naming the file that cannot be read, or the files that have another shape than
     *     the first
     */
    public static void require(
            VolumeArray array, List<String> files, VolumeArray.Reader reader, ReadProgress progress) {
        SortedMap<String, List<Long>> others = new ConcurrentSkipListMap<>();
        int room = roomMebivoxels();
        var free = new Semaphore(room);
        var done = new AtomicLong();
        files.parallelStream().forEach(file -> {
            int taken = (int) Math.min(room, 1 + (VolumeArray.voxels(file, reader) >> 20));
            free.acquireUninterruptibly(taken);
            try {
                var other = array.otherShape(file, reader);
                if (other != null) {
                    others.put(file, other);
                }
            } finally {
                free.release(taken);
                progress.read(done.incrementAndGet(), files.size());
            }
        });
        if (!others.isEmpty()) {
            throw array.unlike(
                    others.entrySet().stream()
                            .map(entry -> Text.shown(entry.getKey()) + " " + entry.getValue())
                            .toList(),
                    files.size());
        }
    }
}
