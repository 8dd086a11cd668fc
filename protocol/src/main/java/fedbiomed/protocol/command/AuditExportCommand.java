package fedbiomed.protocol.command;

import de.siegmar.fastcsv.writer.CsvWriter;
import fedbiomed.protocol.audit.AuditLine;
import fedbiomed.protocol.audit.AuditLog;
import fedbiomed.vocabulary.Json;
import fedbiomed.vocabulary.Text;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code audit export} of any party that has a log. */
@Command(
        name = "export",
        description = {
            "Print the audit log, for a security officer or another program.",
            "It holds ids, numbers and codes: no personal data, no path, no text of a plan."
        })
public abstract class AuditExportCommand extends FedbiomedCommand {
    /** What a spreadsheet would take for a formula. */
    private static final String FORMULA_STARTS = "=+-@";

    private static final List<String> COLUMNS = List.of(
            "sequence",
            "time",
            "kind",
            "party",
            "fingerprint",
            "operator",
            "request",
            "message",
            "run",
            "round",
            "plan",
            "dataset",
            "code",
            "rule",
            "policy",
            "samples",
            "bytes_out",
            "role",
            "certificate",
            "entry",
            "recipients",
            "config",
            "bytes_in",
            "count",
            "occurred",
            "previous",
            "hash");

    /** What it is printed as. */
    enum Format {
        jsonl,
        csv
    }

    /** The log of the home that the command line names. */
    protected abstract AuditLog audit();

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "jsonl",
            description = "jsonl: the lines as they stand in the log, whose hashes can be checked; csv: a table with a"
                    + " header (default: ${DEFAULT-VALUE}).")
    Format format = Format.jsonl;

    @Option(
            names = "--since",
            paramLabel = "DATE",
            description = "Leave out what was before this day, or this moment, in UTC: 2026-11-25 or"
                    + " 2026-11-25T08:00:00Z.")
    @Nullable
    String since;

    @Override
    protected void run() throws IOException {
        var from = since == null ? Instant.MIN : moment(since);
        var lines = audit().lines();
        if (format == Format.jsonl) {
            lines.forEach(line -> {
                if (!line.time().isBefore(from)) {
                    out().println(line.text());
                }
            });
            return;
        }
        // not closed: it would close standard output
        @SuppressWarnings("resource")
        var csv = CsvWriter.builder().build(out());
        csv.writeRecord(COLUMNS);
        lines.forEach(line -> {
            if (!line.time().isBefore(from)) {
                csv.writeRecord(row(line));
            }
        });
        csv.flush();
    }

    private static Instant moment(String text) {
        try {
            return text.contains("T")
                    ? Instant.parse(text)
                    : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "--since is a day like 2026-11-25 or a moment like 2026-11-25T08:00:00Z, not '" + Text.shown(text)
                            + "'",
                    e);
        }
    }

    private static List<String> row(AuditLine line) throws IOException {
        var fields = Json.MAPPER.readTree(line.text());
        var row = new ArrayList<String>();
        for (var column : COLUMNS) {
            var text = fields.path(column).asText();
            row.add(!text.isEmpty() && FORMULA_STARTS.indexOf(text.charAt(0)) >= 0 ? "'" + text : text);
        }
        return row;
    }
}
