package fedbiomed.cli;

import fedbiomed.vocabulary.Json;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = "Check this machine and the homes on it, and say what to do.")
final class DoctorCommand implements Callable<Integer> {
    @Option(
            names = "--home",
            paramLabel = "FOLDER",
            description =
                    "A party's home to check; repeatable (default: network, node and researcher here, where they are).")
    private List<Path> homes = List.of();

    @Option(names = "--json", description = "The findings as JSON, one object a line.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() {
        var out = spec.commandLine().getOut();
        var findings = new Doctor(Path.of(""), homes, Clock.systemUTC()).examine();
        for (var finding : findings) {
            if (json) {
                out.println(Json.text(finding));
            } else {
                out.printf("%s %-14s %s%n", finding.verdict().sign(), finding.subject(), finding.what());
                if (!finding.whatToDo().isEmpty()) {
                    out.printf("  %-14s -> %s%n", "", finding.whatToDo());
                }
            }
        }
        boolean bad = findings.stream().anyMatch(f -> f.verdict() == Doctor.Verdict.BAD);
        if (!json) {
            out.println(bad ? "Something must be mended first." : "Nothing stands in the way.");
        }
        return bad ? 1 : 0;
    }
}
