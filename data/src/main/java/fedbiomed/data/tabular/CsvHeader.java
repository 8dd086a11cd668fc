package fedbiomed.data.tabular;

import fedbiomed.data.source.DatasetContent;
import fedbiomed.vocabulary.Text;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/** A file's column names, trimmed and checked. */
record CsvHeader(List<String> names) {
    static final int MAX_COLUMNS = DatasetContent.MAX_COLUMNS;
    static final int MAX_NAME_CHARS = DatasetContent.MAX_NAME_CHARS;

    static CsvHeader of(List<String> fields, long line, CsvProblem problem) {
        var names = new ArrayList<String>(fields.size());
        var columns = new HashMap<String, Integer>();
        for (int i = 0; i < fields.size(); i++) {
            var name = fields.get(i).strip();
            if (name.isEmpty()) {
                throw problem.atLine(
                        line,
                        "column " + (i + 1) + " has no name in the header; name it"
                                + " (from pandas: to_csv(..., index=False))");
            }
            if (name.length() > MAX_NAME_CHARS) {
                throw problem.atLine(
                        line,
                        "the name of column " + (i + 1) + " has " + name.length() + " characters; at most "
                                + MAX_NAME_CHARS + " are read");
            }
            var before = columns.putIfAbsent(name, i);
            if (before != null) {
                throw problem.atLine(
                        line,
                        "columns " + (before + 1) + " and " + (i + 1) + " are both named '" + Text.shown(name)
                                + "'; rename one");
            }
            names.add(name);
        }
        return new CsvHeader(List.copyOf(names));
    }
}
