package fedbiomed.researcher.command;

import fedbiomed.protocol.command.FedbiomedCommand;
import fedbiomed.researcher.Researcher;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.PartyId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fedbiomed datasets show}. */
@Command(name = "show", description = "Show all that a node tells about a dataset: its columns, types, loading plan.")
final class DatasetsShowCommand extends FedbiomedCommand {
    @Mixin
    HomeOption at = new HomeOption();

    @Parameters(paramLabel = "NODE/ID", description = "The node and the dataset's id, from 'fedbiomed datasets'.")
    String participant = "";

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    protected void run() {
        int slash = participant.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException(
                    "name node and dataset, such as hospital-a/heart-1f3a, not '" + participant + "'");
        }
        var wanted = new Participant(PartyId.of(participant.substring(0, slash)), participant.substring(slash + 1));
        try (var researcher = Researcher.open(at.path())) {
            var offer = researcher.datasets().get(wanted);
            if (json) {
                printJson(offer);
            } else {
                out().println(offer.describe());
            }
        }
    }
}
