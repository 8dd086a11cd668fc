package fedbiomed.training;

import fedbiomed.data.source.DataFolder;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Collections;
import java.util.List;

/** The files of a dataset of kind {@code files}, for a plan's {@link SampleReader}: their names and contents, nothing else. */
public final class PlanFiles {
    /** A larger one would not fit beside the model. */
    static final long MAX_BYTES = 1L << 30;

    private final DataFolder folder;

    PlanFiles(DataFolder folder) {
        this.folder = folder;
    }

    /** Relative to the dataset's folder, with {@code /} between folders, in the order of their names. */
    public List<String> names() {
        return folder.files();
    }

    /** A file's bytes. @throws FedbiomedException for a name that is not one of {@link #names}, or more than 1 GiB */
    public byte[] bytes(String name) {
        if (Collections.binarySearch(folder.files(), name) < 0) {
            throw new FedbiomedException(
                    ErrorCode.PLAN_FAILED, "the dataset has no file '" + Text.shown(name) + "'; take one of names()");
        }
        var path = folder.path(name);
        try {
            if (Files.size(path) > MAX_BYTES) {
                throw new FedbiomedException(
                        ErrorCode.DATA_UNFIT,
                        Text.shown(name) + " has " + Files.size(path) + " bytes; a plan reads at most " + MAX_BYTES
                                + " of a file: split it");
            }
            return Files.readAllBytes(path);
        } catch (IOException e) {
            throw DataFolder.unreadable(name, e);
        }
    }

    /** A file's text. @throws FedbiomedException as {@link #bytes}, and for what is not UTF-8 */
    public String text(String name) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes(name)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new FedbiomedException(
                    ErrorCode.DATA_UNFIT, Text.shown(name) + " is no UTF-8 text; save it as UTF-8", e);
        }
    }
}
