package fedbiomed.data.tabular;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;

/**
 * How a file that cannot be used is reported: its name (not its folder), the line, what is wrong and what to do. Never
 * a cell's value: such a text may travel to a researcher. No parser's exception is its cause, since those quote.
 */
record CsvProblem(Path file) {
    FedbiomedException of(String what) {
        return new FedbiomedException(ErrorCode.DATA_UNFIT, shownFile() + ": " + what);
    }

    FedbiomedException atLine(long line, String what) {
        return new FedbiomedException(ErrorCode.DATA_UNFIT, shownFile() + ", line " + line + ": " + what);
    }

    FedbiomedException missing() {
        return new FedbiomedException(
                ErrorCode.DATASET_CHANGED,
                shownFile() + ": there is no such file; restore it, or register the dataset again where it is now");
    }

    FedbiomedException unreadable(IOException e) {
        return of(
                e instanceof AccessDeniedException
                        ? "it may not be read; give the account that runs the node the right to read it"
                        : "reading it failed (" + e.getClass().getSimpleName() + "); check the disk it lies on");
    }

    private String shownFile() {
        return Text.shown(String.valueOf(file.getFileName()));
    }
}
