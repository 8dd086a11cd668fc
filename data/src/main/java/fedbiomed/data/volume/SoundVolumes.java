package fedbiomed.data.volume;

import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** All volumes of an array read once, on several threads. */
public final class SoundVolumes {
    private SoundVolumes() {}

    /**
     * @param files of the samples, relative to the dataset's folder
     * @throws FedbiomedException DATA_UNFIT naming the file that cannot be read, or the files that have another shape than
     *     the first
     */
    public static void require(VolumeArray array, List<String> files, VolumeArray.Reader reader) {
        SortedMap<String, List<Long>> others = new ConcurrentSkipListMap<>();
        files.parallelStream().forEach(file -> {
            var other = array.otherShape(file, reader);
            if (other != null) {
                others.put(file, other);
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
