package fedbiomed.researcher.command;

import picocli.CommandLine.Command;

/** {@code fedbiomed export ...}. */
@Command(
        name = "export",
        description = "Write a trained model in another format than safetensors.",
        subcommands = ExportTorchScriptCommand.class)
public final class ExportCommand {}
