package fedbiomed.data.tabular;

import fedbiomed.data.file.FileProblem;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * As {@link FileProblem}, for tables. No parser's exception is its cause, since those quote cells.
 *
 * @param file a file, or a folder of files
 * @param place what is counted in it, e.g. {@code line}
 * @param files of a folder: a place in the first is counted from 1, in the second from {@link #FILE} + 1, and so on
 */
record CsvProblem(Path file, String place, List<String> files) {
    /** More lines than any file has. */
    static final long FILE = 1L << 40;

    CsvProblem {
        files = List.copyOf(files);
    }

    /** Places are lines. */
    CsvProblem(Path file) {
        this(file, "line", List.of());
    }

    /** Of a file without lines. */
    static CsvProblem ofRows(Path file) {
        return new CsvProblem(file, "row", List.of());
    }

    FedbiomedException of(String what) {
        return new FileProblem(file).of(what);
    }

    FedbiomedException atLine(long line, String what) {
        var in = files.isEmpty() ? file : file.resolve(files.get((int) (line / FILE)));
        return new FileProblem(in).at(place + " " + line % FILE, what);
    }

    FedbiomedException missing() {
        return new FileProblem(file).missing();
    }

    FedbiomedException unreadable(IOException e) {
        return new FileProblem(file).unreadable(e);
    }
}
