package fedbiomed.data.tabular;

import fedbiomed.data.file.FileProblem;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.nio.file.Path;

/** As {@link FileProblem}, for tables. No parser's exception is its cause, since those quote cells. */
record CsvProblem(Path file, String place) {
    /** Places are lines. */
    CsvProblem(Path file) {
        this(file, "line");
    }

    /** Of a file without lines. */
    static CsvProblem ofRows(Path file) {
        return new CsvProblem(file, "row");
    }

    FedbiomedException of(String what) {
        return problem().of(what);
    }

    FedbiomedException atLine(long line, String what) {
        return problem().at(place + " " + line, what);
    }

    FedbiomedException missing() {
        return problem().missing();
    }

    FedbiomedException unreadable(IOException e) {
        return problem().unreadable(e);
    }

    private FileProblem problem() {
        return new FileProblem(file);
    }
}
