package fedbiomed.protocol.command;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Option;

/** The invitation with which a party enrols. It is a secret until it is used: so it is asked for, or piped in. */
public final class InvitationOption {
    /** More than a token has. */
    private static final int MAX_BYTES = 8 << 10;

    @Option(
            names = "--invite",
            paramLabel = "TOKEN",
            description = {
                "The invitation, as 'fedbiomed network invite' printed it.",
                "Left out, it is asked for at the terminal, or read from standard input: others at this machine can see"
                        + " what stands on a command line."
            })
    private String given = "";

    /** @throws FedbiomedException if none came */
    public String token() {
        var token = given.isEmpty() ? asked() : given;
        if (token.isBlank()) {
            throw new FedbiomedException(
                    ErrorCode.POLICY,
                    "no invitation came; paste the token that 'fedbiomed network invite' printed, or pipe" + " it in");
        }
        return token.strip();
    }

    private static String asked() {
        var console = System.console();
        if (console != null && console.isTerminal()) {
            var typed = console.readPassword("Invitation (what you paste is not shown): ");
            return typed == null ? "" : new String(typed);
        }
        return firstLine(System.in);
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
