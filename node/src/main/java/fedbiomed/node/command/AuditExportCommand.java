package fedbiomed.node.command;

import de.siegmar.fastcsv.writer.CsvWriter;
import fedbiomed.node.audit.AuditEvent;
import fedbiomed.node.audit.AuditLine;
import fedbiomed.protocol.command.FedbiomedCommand;
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
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "export",
        description = {
            "Print the audit log, for a security officer or another program.",
            "It holds ids, numbers and codes: no personal data, no path, no text of a plan."
        })
final class AuditExportCommand extends FedbiomedCommand {
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
            "previous",
            "hash");

    /** What it is printed as. */
    enum Format {
        jsonl,
        csv
    }

    @Mixin
    HomeOption at = new HomeOption();

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
        var lines = at.audit(clock()).lines();
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

    private static List<String> row(AuditLine line) {
        AuditEvent event = line.event();
        var row = new ArrayList<String>();
        add(row, line.sequence());
        add(row, line.time());
        add(row, event.kind().word());
        add(row, event.party());
        add(row, event.fingerprint());
        add(row, event.operator());
        add(row, event.request());
        add(row, event.message());
        add(row, event.run());
        add(row, event.round());
        add(row, event.plan());
        add(row, event.dataset());
        add(row, event.code());
        add(row, event.samples());
        add(row, event.bytesOut());
        add(row, line.previous());
        add(row, line.hash());
        return row;
    }

    private static void add(List<String> row, @Nullable Object value) {
        var text = value == null ? "" : value.toString();
        row.add(!text.isEmpty() && FORMULA_STARTS.indexOf(text.charAt(0)) >= 0 ? "'" + text : text);
    }
}
