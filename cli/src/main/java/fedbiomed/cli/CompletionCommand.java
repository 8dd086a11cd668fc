package fedbiomed.cli;

import fedbiomed.protocol.command.FedbiomedCommand;
import picocli.AutoComplete;
import picocli.CommandLine.Command;

@Command(
        name = "completion",
        description = {
            "Print a script with which bash or zsh complete commands and options.",
            "Load it with: source <(fedbiomed completion)"
        })
final class CompletionCommand extends FedbiomedCommand {
    @Override
    protected void run() {
        out().print(AutoComplete.bash("fedbiomed", Main.commandLine()));
    }
}
