package fedbiomed.data.volume;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.ZipException;

/**
 * How a file that cannot be used is reported: its name (not its folder), what is wrong and what to do; never a voxel and
 * never the value of a header field that is about a patient.
 */
public record VolumeProblem(Path file) {
    /** DATA_UNFIT: {@code what} is wrong with the file. */
    public FedbiomedException of(String what) {
        return new FedbiomedException(ErrorCode.DATA_UNFIT, shownFile() + ": " + what);
    }

    /**
     * Whatever is no file, a pipe say, could keep a reader waiting for ever.
     *
     * @throws FedbiomedException DATA_UNFIT if there is something else of that name
     */
    public void requireFile() {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw of("it is no file but a folder or a device; name the file itself");
        }
    }

    /** DATASET_CHANGED if the file is missing, else DATA_UNFIT: reading failed. */
    public FedbiomedException unreadable(IOException e) {
        if (e instanceof NoSuchFileException) {
            return new FedbiomedException(
                    ErrorCode.DATASET_CHANGED,
                    shownFile() + ": there is no such file; restore it, or register the dataset again where it is now");
        }
        return of(
                switch (e) {
                    case AccessDeniedException _ ->
                        "it may not be read; give the account that runs the node the right to read it";
                    case EOFException _ -> "it ends too early; copy it again from where it came";
                    case ZipException _ -> "its compressed bytes are damaged; copy it again from where it came";
                    default -> "reading it failed (" + e.getClass().getSimpleName() + "); check the disk it lies on";
                });
    }

    private String shownFile() {
        return Text.shown(String.valueOf(file.getFileName()));
    }
}
