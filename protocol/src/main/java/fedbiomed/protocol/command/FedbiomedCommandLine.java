package fedbiomed.protocol.command;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** A tree of commands, each with the same form of help, the same errors and the same exit codes. */
public final class FedbiomedCommandLine {
    private static final String[] USUAL_EXIT_CODES = {ExitCodes.DONE_TEXT, ExitCodes.FAILED_TEXT, ExitCodes.USAGE_TEXT};

    private FedbiomedCommandLine() {}

    /** @param root an object with picocli's {@code @Command} */
    public static CommandLine of(Object root) {
        var commands = new CommandLine(root);
        dress(commands);
        commands.setUsageHelpAutoWidth(true);
        commands.setCaseInsensitiveEnumValuesAllowed(true);
        commands.setParameterExceptionHandler((failure, arguments) ->
                ErrorVoice.explainUsage(failure, failure.getCommandLine().getErr()));
        commands.setExecutionExceptionHandler(
                (failure, command, parsed) -> ErrorVoice.explain(failure, command.getErr()));
        return commands;
    }

    private static void dress(CommandLine command) {
        var spec = command.getCommandSpec();
        spec.mixinStandardHelpOptions(false);
        if (spec.findOption("--help") == null) {
            spec.addOption(OptionSpec.builder("-h", "--help")
                    .usageHelp(true)
                    .description("Show this help.")
                    .build());
        }
        var usage = spec.usageMessage();
        usage.sortOptions(false);
        usage.descriptionHeading("%n");
        usage.parameterListHeading("%nArguments:%n");
        usage.optionListHeading("%nOptions:%n");
        usage.commandListHeading("%nCommands:%n");
        usage.synopsisSubcommandLabel("COMMAND");
        if (isLeaf(spec) && usage.exitCodeList().isEmpty()) {
            usage.exitCodeList(UsageMessageSpec.keyValuesMap(USUAL_EXIT_CODES));
        }
        if (!usage.exitCodeList().isEmpty()) {
            usage.exitCodeListHeading("%nExit codes:%n");
        }
        command.getSubcommands().values().forEach(FedbiomedCommandLine::dress);
    }

    private static boolean isLeaf(CommandSpec spec) {
        return spec.subcommands().isEmpty();
    }
}
