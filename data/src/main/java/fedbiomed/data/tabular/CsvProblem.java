package fedbiomed.data.tabular;

import fedbiomed.data.file.FileProblem;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.nio.file.Path;

/** As {@link FileProblem}, for tables. No parser's exception is its cause, since those quote cells. */
record CsvProblem(Path file) {
    FedbiomedException of(String what) {
        return problem().of(what);
    }

    FedbiomedException atLine(long line, String what) {
        return problem().atLine(line, what);
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
