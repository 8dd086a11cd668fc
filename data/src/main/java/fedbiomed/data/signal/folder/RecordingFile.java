package fedbiomed.data.signal.folder;

import fedbiomed.data.signal.Annotation;
import fedbiomed.data.signal.Channel;
import fedbiomed.data.signal.Recording;
import fedbiomed.data.signal.edf.EdfFile;
import fedbiomed.data.signal.wfdb.WfdbRecord;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A recording in the folder, as its header was when the dataset was opened.
 *
 * @param root the dataset's folder
 * @param name the file, or the WFDB header, within it
 * @param signalFiles those of a WFDB record, within the folder
 */
record RecordingFile(Path root, String name, List<String> signalFiles, List<Channel> channels, long frames) {
    static boolean isOne(String file) {
        var name = file.toLowerCase(Locale.ROOT);
        return name.endsWith(".edf") || name.endsWith(".bdf") || name.endsWith(".hea");
    }

    /** Reads the header. */
    static RecordingFile of(Path root, String name) {
        try (var recording = open(root, name)) {
            var folder = name.substring(0, name.lastIndexOf('/') + 1);
            var signalFiles = recording instanceof WfdbRecord record
                    ? record.signalFiles().stream().map(file -> folder + file).toList()
                    : List.<String>of();
            return new RecordingFile(root, name, signalFiles, recording.channels(), recording.frames());
        }
    }

    private static Recording open(Path root, String name) {
        var file = root.resolve(name);
        return name.toLowerCase(Locale.ROOT).endsWith(".hea") ? WfdbRecord.open(file) : EdfFile.open(file);
    }

    /** @throws FedbiomedException DATASET_CHANGED if it is no longer as it was */
    Recording open() {
        var recording = open(root, name);
        if (!recording.channels().equals(channels) || recording.frames() != frames) {
            recording.close();
            throw new FedbiomedException(
                    ErrorCode.DATASET_CHANGED,
                    Text.shown(name) + ": its channels or its length are no longer what they were when the dataset was"
                            + " opened; remove the dataset and add it again");
        }
        return recording;
    }

    static List<Annotation> annotations(Recording recording, String annotator) {
        return recording instanceof WfdbRecord record ? record.annotations(annotator) : recording.annotations();
    }

    /** How many files are open while the recording is. */
    int openFiles() {
        return Math.max(1, signalFiles.size());
    }

    /** The name without its ending. */
    String stem() {
        return name.substring(0, name.lastIndexOf('.'));
    }

    /** All files that are read, of those that there are in the folder. */
    List<String> files(String annotator, Set<String> there) {
        var files = new ArrayList<String>();
        files.add(name);
        files.addAll(signalFiles);
        var annotations = stem() + "." + annotator;
        if (!signalFiles.isEmpty() && there.contains(annotations)) {
            files.add(annotations);
        }
        return files;
    }
}
