package fedbiomed.protocol.command;

import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The one voice in which every command says what went wrong: {@code fedbiomed: what, which value, what to do}. */
final class ErrorVoice {
    private static final String PREFIX = "fedbiomed: ";
    /** Set to anything, it adds to every error where in the code it came from. */
    private static final String DEBUG_VARIABLE = "FEDBIOMED_DEBUG";

    private ErrorVoice() {}

    /** Says what went wrong, and gives the exit code. */
    static int explain(Exception failure, PrintWriter err) {
        var text = text(failure);
        if (text == null) {
            err.println(PREFIX + "this is an error in Fed-BioMed itself; please report it with the lines below");
        } else {
            say(text, err);
        }
        if (text == null || System.getenv(DEBUG_VARIABLE) != null) {
            failure.printStackTrace(err);
        }
        err.flush();
        return exitCode(failure);
    }

    static void say(String text, PrintWriter err) {
        err.println(PREFIX + text);
        err.flush();
    }

    /** A wrong command line: what is wrong with it, how it is written, and where to read more. */
    static int explainUsage(ParameterException failure, PrintWriter err) {
        var command = failure.getCommandLine();
        err.println(PREFIX + usageProblem(failure));
        if (failure instanceof UnmatchedArgumentException unmatched
                && !unmatched.getSuggestions().isEmpty()) {
            err.println("Did you mean '" + unmatched.getSuggestions().getFirst() + "'?");
        }
        err.print("Usage: " + command.getHelp().synopsis("Usage: ".length()));
        err.println("See '" + command.getCommandSpec().qualifiedName() + " --help'.");
        err.flush();
        return ExitCodes.USAGE;
    }

    private static String usageProblem(ParameterException failure) {
        var command = failure.getCommandLine();
        var name = command.getCommandSpec().qualifiedName();
        boolean group = !command.getSubcommands().isEmpty();
        if (failure instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption()) {
            var first = Text.shown(unmatched.getUnmatched().getFirst());
            return group
                    ? "'" + name + "' has no command '" + first + "'; its commands are " + commandsOf(command)
                    : "'" + name + "' has no use for '" + first + "'";
        }
        if (group && String.valueOf(failure.getMessage()).contains("subcommand")) {
            return "which command of '" + name + "'? " + commandsOf(command);
        }
        return sentence(String.valueOf(failure.getMessage()));
    }

    private static String commandsOf(CommandLine command) {
        return String.join(", ", command.getSubcommands().keySet());
    }

    /** picocli's sentences begin with a capital, ours go on after a colon. */
    private static String sentence(String text) {
        var bare = text.startsWith("Error: ") ? text.substring("Error: ".length()) : text;
        boolean word = bare.length() > 1 && Character.isLowerCase(bare.charAt(1));
        return word ? bare.substring(0, 1).toLowerCase(Locale.ROOT) + bare.substring(1) : bare;
    }

    /** null for what nobody foresaw */
    private static @Nullable String text(Exception failure) {
        var message = failure.getMessage();
        return switch (failure) {
            case FedbiomedException e -> e.text();
            case UncheckedIOException e
            when message != null && e.getCause() != null -> message + " (" + e.getCause() + ")";
            case IOException e -> e.toString();
            case CommandFailed _, IllegalArgumentException _, IllegalStateException _ -> message;
            default -> null;
        };
    }

    private static int exitCode(Exception failure) {
        return switch (failure) {
            case CommandFailed e -> e.exitCode();
            // what a record says of a value that was given
            case IllegalArgumentException _ -> ExitCodes.USAGE;
            default -> ExitCodes.FAILED;
        };
    }
}
