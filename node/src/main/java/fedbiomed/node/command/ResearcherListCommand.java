package fedbiomed.node.command;

import fedbiomed.protocol.command.FedbiomedCommand;
import fedbiomed.protocol.identity.TrustState;
import fedbiomed.protocol.identity.TrustedParties;
import fedbiomed.vocabulary.TextTable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "list", description = "List the researchers who have written to this node, with their fingerprints.")
final class ResearcherListCommand extends FedbiomedCommand {
    @Mixin
    HomeOption at = new HomeOption();

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    /**
     * @param shows the fingerprint of the keys that it showed last
     * @param trusted the fingerprint that was confirmed
     */
    record Shown(
            String name,
            TrustState state,
            @Nullable String shows,
            @Nullable String trusted,
            @Nullable String seenAt,
            @Nullable String decidedAt) {}

    @Override
    protected void run() {
        var shown = new TrustedParties(at.existing(), clock())
                .entries().entrySet().stream()
                        .map(known -> {
                            var entry = known.getValue();
                            var seen = entry.seen();
                            var trusted = entry.trusted();
                            return new Shown(
                                    known.getKey().value(),
                                    entry.state(),
                                    seen == null ? null : seen.fingerprint().value(),
                                    trusted == null ? null : trusted.value(),
                                    entry.seenAt(),
                                    entry.decidedAt());
                        })
                        .toList();
        if (json) {
            printJson(shown);
        } else if (shown.isEmpty()) {
            out().println("No researcher has written to this node yet.");
        } else {
            var table = new TextTable("NAME", "STATE", "SHOWS", "TRUSTED");
            shown.forEach(entry -> table.row(
                    entry.name(),
                    entry.state().shown(),
                    entry.shows() == null ? "-" : entry.shows(),
                    entry.trusted() == null ? "-" : entry.trusted()));
            table.print(out());
        }
    }
}
