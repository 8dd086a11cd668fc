package fedbiomed.data.tabular;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A CSV file as a stream of rows, all as long as its header. Empty lines are passed over. */
final class CsvRows implements AutoCloseable {
    /** Longest single value, in characters: a long free-text report has ten thousand. */
    static final int MAX_VALUE_CHARS = 1 << 20;

    private final CsvProblem problem;
    private final CsvText text;
    private final CsvReader<CsvRecord> reader;
    private final Iterator<CsvRecord> records;
    private final CsvHeader header;
    private final long headerLine;

    private CsvRows(CsvProblem problem, CsvText text, char separator) {
        this.problem = problem;
        this.text = text;
        this.reader = CsvReader.builder()
                .fieldSeparator(separator)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .maxBufferSize(LineScan.MAX_LINE_CHARS)
                .build(
                        CsvRecordHandler.of(handler -> handler.maxFields(CsvHeader.MAX_COLUMNS)
                                .maxFieldSize(MAX_VALUE_CHARS)
                                .maxRecordSize(LineScan.MAX_LINE_CHARS)),
                        text);
        this.records = reader.iterator();
        var first = nextRecord(1);
        if (first == null) {
            throw problem.of("it is empty; the first line names the columns, every further line is a row");
        }
        this.headerLine = first.getStartingLineNumber();
        this.header = CsvHeader.of(first.getFields(), headerLine, problem);
    }

    /** @throws fedbiomed.vocabulary.FedbiomedException as {@link CsvFile#describe}, for what the beginning shows */
    static CsvRows open(Path file) {
        char separator = Separator.of(file);
        var text = CsvText.open(file, separator);
        try {
            return new CsvRows(new CsvProblem(file), text, separator);
        } catch (RuntimeException e) {
            closeAfter(text, e);
            throw e;
        }
    }

    private static void closeAfter(CsvText text, RuntimeException e) {
        try {
            text.close();
        } catch (IOException suppressed) {
            e.addSuppressed(suppressed);
        }
    }

    List<String> header() {
        return header.names();
    }

    /** What is done with each row. */
    interface Visitor {
        /** Fields are not trimmed, and as many as the header has. */
        void row(List<String> fields, long line);
    }

    /** Visits every row; returns how many there were, at least one. */
    long forEach(Visitor visitor) {
        long rows = 0;
        long line = headerLine;
        for (var row = nextRecord(line + 1); row != null; row = nextRecord(line + 1)) {
            line = row.getStartingLineNumber();
            if (row.getFieldCount() != header.names().size()) {
                throw ragged(row, rows == 0);
            }
            visitor.row(row.getFields(), line);
            rows++;
        }
        checkComplete(rows);
        if (rows == 0) {
            throw problem.of("it has a header and no row; add the data below the header");
        }
        return rows;
    }

    /** A row that the parser lost or joined to another would change a study without anyone's seeing it. */
    private void checkComplete(long rows) {
        if (rows + 1 != text.scan().records()) {
            throw new FedbiomedException(
                    ErrorCode.INTERNAL,
                    problem.of("the parser found " + (rows + 1) + " lines where there are "
                                    + text.scan().records()
                                    + "; this is a fault of the program: please report it, with a file that shows it")
                            .text());
        }
    }

    private FedbiomedException ragged(CsvRecord row, boolean first) {
        return problem.atLine(
                row.getStartingLineNumber(),
                (row.getFieldCount() == 1 ? "1 field" : row.getFieldCount() + " fields") + " where the header has "
                        + header.names().size() + "; "
                        + (first
                                ? "is the first line the names of all columns?"
                                : "look for a separator or a line break within a value that is not quoted"));
    }

    /** @param line where it would begin, for an error of the parser's own */
    private @Nullable CsvRecord nextRecord(long line) {
        try {
            return records.hasNext() ? records.next() : null;
        } catch (CsvParseException e) {
            // the parser wraps what the text threw; its own message quotes cells, and goes no further
            if (e.getCause() instanceof FedbiomedException ours) {
                throw ours;
            }
            text.scan().end();
            throw problem.atLine(
                    line,
                    "the row has more than " + CsvHeader.MAX_COLUMNS + " columns or " + LineScan.MAX_LINE_CHARS
                            + " characters, or a value of more than " + MAX_VALUE_CHARS
                            + "; look for a missing line break or a quote too many, or leave columns out");
        }
    }

    /** SHA-256 of the file, after {@link #forEach}. */
    String fingerprint() {
        return text.fingerprint();
    }

    @Override
    public void close() {
        try {
            reader.close();
        } catch (IOException e) {
            throw problem.unreadable(e);
        }
    }
}
