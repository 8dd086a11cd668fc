package fedbiomed.cli.doctor;

import fedbiomed.protocol.command.CommandFailed;
import fedbiomed.protocol.command.ExitCodes;
import fedbiomed.protocol.command.FedbiomedCommand;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code fedbiomed doctor}. */
@Command(
        name = "doctor",
        description = "Check this machine and the homes on it, and say what to do.",
        exitCodeList = {
            "0:nothing stands in the way",
            ExitCodes.FAILED + ":something must be mended first; each finding says how",
            ExitCodes.USAGE_TEXT
        })
public final class DoctorCommand extends FedbiomedCommand {
    @Option(
            names = "--home",
            paramLabel = "FOLDER",
            description =
                    "A party's home to check; repeatable (default: network, node and researcher here, where they are).")
    private List<Path> homes = List.of();

    @Option(names = "--json", description = "The findings as JSON.")
    private boolean json;

    @Override
    protected void run() {
        var findings = new Doctor(Path.of(""), homes, System.getenv(), clock()).examine();
        if (json) {
            printJson(findings);
        } else {
            for (var finding : findings) {
                out().printf("%s %-14s %s%n", finding.verdict().sign(), finding.subject(), finding.what());
                if (!finding.whatToDo().isEmpty()) {
                    out().printf("  %-14s -> %s%n", "", finding.whatToDo());
                }
            }
        }
        long bad = findings.stream()
                .filter(finding -> finding.verdict() == Findings.Verdict.BAD)
                .count();
        if (bad > 0) {
            throw new CommandFailed(
                    ExitCodes.FAILED,
                    bad + (bad == 1 ? " finding" : " findings") + " marked " + Findings.Verdict.BAD.sign()
                            + " must be mended first");
        }
        if (!json) {
            out().println("Nothing stands in the way.");
        }
    }
}
