package fedbiomed.data.dicom;

import fedbiomed.data.source.DataFolder;
import fedbiomed.data.volume.VolumeTransforms;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** The headers of a dataset's files, on several threads. */
final class DicomFiles {
    private DicomFiles() {}

    /**
     * @param files relative to the folder
     * @return by name
     * @throws FedbiomedException DATA_UNFIT naming a file that is none that {@link DicomFile} reads
     */
    static SortedMap<String, DicomFile> open(DataFolder folder, List<String> files) {
        if (files.isEmpty()) {
            throw new FedbiomedException(
                    ErrorCode.DATA_UNFIT, "the folder holds no DICOM files; name the folder that holds them");
        }
        var opened = new ConcurrentSkipListMap<String, DicomFile>();
        files.parallelStream().forEach(file -> opened.put(file, open(folder, file)));
        return new TreeMap<>(opened);
    }

    private static DicomFile open(DataFolder folder, String file) {
        try {
            return DicomFile.open(folder.path(file), VolumeTransforms.MAX_VOXELS);
        } catch (FedbiomedException e) {
            int slash = file.lastIndexOf('/') + 1;
            throw new FedbiomedException(e.code(), Text.shown(file.substring(0, slash)) + e.text(), e);
        }
    }
}
