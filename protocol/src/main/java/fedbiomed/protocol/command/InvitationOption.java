package fedbiomed.protocol.command;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The invitation with which a party enrols: a secret until it is used, so it is asked for, or piped in. */
public final class InvitationOption {
    /** More than a token has. */
    private static final int MAX_BYTES = 8 << 10;

    @Option(
            names = "--invite",
            paramLabel = "TOKEN",
            description = {
                "The invitation, as 'fedbiomed network invite' printed it.",
                "Left out, it is asked for at the terminal; '-' reads it from standard input. Others at this machine can"
                        + " see what stands on a command line."
            })
    private String given = "";

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli's
    private CommandSpec command;

    /** @throws FedbiomedException if none came */
    public String token() {
        var token = given.isEmpty() ? asked() : given.equals("-") ? firstLine(System.in) : given;
        if (token.isBlank()) {
            throw new FedbiomedException(
                    ErrorCode.POLICY,
                    "no invitation came; paste the token that 'fedbiomed network invite' printed, or pipe" + " it in");
        }
        return token.strip();
    }

    /** A program without a terminal is not kept waiting for what may never come. */
    private String asked() {
        var console = System.console();
        if (console == null || !console.isTerminal()) {
            throw new ParameterException(
                    command.commandLine(),
                    "an invitation is missing: --invite=-, and pipe the token in, or --invite=TOKEN");
        }
        var typed = console.readPassword("Invitation (what you paste is not shown): ");
        return typed == null ? "" : new String(typed);
    }

    static String firstLine(InputStream in) {
        try {
            var line = new StringBuilder();
            for (int c = in.read(); c >= 0 && c != '\n' && line.length() < MAX_BYTES; c = in.read()) {
                line.append((char) c);
            }
            return new String(line.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the invitation from standard input", e);
        }
    }
}
