package fedbiomed.node.command;

import fedbiomed.node.registry.DatasetDifferences;
import fedbiomed.node.registry.DatasetInspection;
import fedbiomed.node.registry.DatasetRegistry;
import fedbiomed.protocol.command.CommandFailed;
import fedbiomed.protocol.command.Dialogue;
import fedbiomed.protocol.command.ExitCodes;
import fedbiomed.protocol.command.FedbiomedCommand;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "accept-changes",
        description = {
            "Share a dataset as it is now, after its files changed: under the same id, name and tags.",
            "Experiments that were begun with it before are refused and begun anew."
        })
final class DatasetAcceptChangesCommand extends FedbiomedCommand {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli's
    CommandSpec spec;

    @Mixin
    HomeOption at = new HomeOption();

    @Parameters(paramLabel = "ID", description = "The dataset's id, from 'dataset list'.")
    String id = "";

    @Option(names = "--yes", description = "Accept without asking.")
    boolean yes;

    private final @Nullable Dialogue dialogue;

    DatasetAcceptChangesCommand() {
        this(Dialogue.here());
    }

    /** @param dialogue {@code null} where nobody can be asked */
    DatasetAcceptChangesCommand(@Nullable Dialogue dialogue) {
        this.dialogue = dialogue;
    }

    @Override
    protected void run() {
        if (dialogue == null && !yes) {
            throw new ParameterException(
                    spec.commandLine(), "there is no terminal to ask at: look with 'dataset check', then give --yes");
        }
        try (var database = at.database();
                var reader = at.reader(clock())) {
            var registry = new DatasetRegistry(database, reader, clock());
            var dataset = registry.get(id);
            DatasetInspection inspection;
            try (var progress = new ReadingLine(dataset.path())) {
                inspection = DatasetInspection.of(registry, dataset, progress);
            }
            var found = inspection.found();
            var state = inspection.state();
            if (found == null || state == null) {
                throw new CommandFailed(
                        ExitCodes.FAILED,
                        "dataset " + id + " cannot be shared as it is now ("
                                + inspection.condition().word() + "): " + inspection.text());
            }
            if (inspection.condition() == DatasetInspection.Condition.OK) {
                out().println("Dataset " + id + " is as it was when it was added; there is nothing to accept.");
                return;
            }
            out().println("Dataset " + id + " has changed:");
            DatasetDifferences.of(dataset.description(), found).forEach(line -> out().println("  " + line));
            out().flush();
            if (!yes && dialogue != null && !dialogue.confirms("Share it as it is now?")) {
                throw new CommandFailed(ExitCodes.FAILED, "not accepted; the node refuses work on it until it is");
            }
            var accepted = registry.acceptChanges(dataset, found, state);
            out().println("Accepted. Researchers see it with the fingerprint "
                    + accepted.description().fingerprint() + ".");
            Policies.tooFew(at.existing(), accepted.description()).ifPresent(this::note);
        }
    }
}
