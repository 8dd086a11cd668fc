package fedbiomed.data.file;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * How a file that cannot be used is reported: its name (not its folder), the place in it, what is wrong and what to do.
 * Never a value of a patient's: such a text may travel to a researcher.
 */
public record FileProblem(Path file) {
    public FedbiomedException of(String what) {
        return new FedbiomedException(ErrorCode.DATA_UNFIT, shownFile() + ": " + what);
    }

    /** @param place such as {@code line 7} or {@code record 12} */
    public FedbiomedException at(String place, String what) {
        return new FedbiomedException(ErrorCode.DATA_UNFIT, shownFile() + ", " + place + ": " + what);
    }

    public FedbiomedException atLine(long line, String what) {
        return at("line " + line, what);
    }

    public FedbiomedException missing() {
        return new FedbiomedException(
                ErrorCode.DATASET_CHANGED,
                shownFile() + ": there is no such file; restore it, or register the dataset again where it is now");
    }

    public FedbiomedException unreadable(IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> missing();
            case AccessDeniedException _ ->
                of("it may not be read; give the account that runs the node the right to read it");
            case FileSystemLoopException _ -> of("it is a link that leads back to itself; replace it by the file");
            default -> of("reading it failed (" + e.getClass().getSimpleName() + "); check the disk it lies on");
        };
    }

    private String shownFile() {
        return Text.shown(String.valueOf(file.getFileName()));
    }
}
