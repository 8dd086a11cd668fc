package fedbiomed.node.command;

import fedbiomed.node.NodeConfig;
import fedbiomed.node.policy.Policy;
import fedbiomed.node.policy.PolicyFile;
import fedbiomed.node.policy.PolicyWords;
import fedbiomed.node.policy.Rules;
import fedbiomed.node.policy.UsageLedger;
import fedbiomed.node.registry.DatasetRegistry;
import fedbiomed.protocol.command.FedbiomedCommand;
import fedbiomed.vocabulary.TextTable;
import java.nio.file.Files;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "show", description = "Say in words what the policy allows, and what each researcher has had today.")
final class PolicyShowCommand extends FedbiomedCommand {
    @Mixin
    HomeOption at = new HomeOption();

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    /** @param workedSeconds time that workers were at work */
    record Used(String researcher, String dataset, long rounds, long workedSeconds) {}

    /** @param attention what is most likely a mistake, or must not be forgotten */
    record Shown(String file, List<String> policy, List<String> attention, List<Used> usedToday) {}

    @Override
    protected void run() {
        var home = at.existing();
        var file = home.resolve(PolicyFile.FILE);
        try (var database = at.database()) {
            var config = NodeConfig.read(home, System.getenv());
            var policy = Policies.of(home, file, config);
            var attention = Policies.attention(policy, config, new DatasetRegistry(database, clock()));
            var used = new UsageLedger(database, clock())
                    .today(policy).stream()
                            .map(entry -> new Used(
                                    entry.researcher(),
                                    entry.dataset(),
                                    entry.rounds(),
                                    entry.worked().toSeconds()))
                            .toList();
            var shown = new Shown(
                    Files.exists(file) ? file.toString() : file + " (not there: the defaults hold)",
                    PolicyWords.of(policy),
                    attention,
                    used);
            if (json) {
                printJson(shown);
            } else {
                print(shown, policy);
            }
        }
    }

    private void print(Shown shown, Policy policy) {
        out().println("The policy of this node, " + shown.file() + ":");
        shown.policy().forEach(line -> out().println("  " + line));
        shown.attention().forEach(line -> out().println("ATTENTION: " + line));
        out().println();
        if (shown.usedToday().isEmpty()) {
            out().println("Nobody has had any work done today.");
            return;
        }
        out().println("Today so far (what runs now is a few seconds ahead):");
        var table = new TextTable("RESEARCHER", "DATASET", "TRAININGS AND TESTS", "WORKED");
        for (var used : shown.usedToday()) {
            table.row(used.researcher(), used.dataset(), used.rounds(), worked(used.workedSeconds()));
        }
        table.print(out());
        shown.usedToday().stream()
                .map(Used::researcher)
                .distinct()
                .forEach(name -> total(name, shown, policy.everywhere()));
    }

    private void total(String researcher, Shown shown, Rules rules) {
        long rounds = 0;
        long seconds = 0;
        for (var used : shown.usedToday()) {
            if (used.researcher().equals(researcher)) {
                rounds += used.rounds();
                seconds += used.workedSeconds();
            }
        }
        var mostRounds = rules.roundsADay();
        var mostHours = rules.hoursADay();
        out().println(researcher + " in all: " + rounds + (mostRounds == null ? "" : " of " + mostRounds)
                + " trainings and tests, " + worked(seconds)
                + (mostHours == null ? "" : " of " + PolicyWords.shown(mostHours)));
    }

    private static String worked(long seconds) {
        return PolicyWords.shown(java.time.Duration.ofSeconds(seconds));
    }
}
