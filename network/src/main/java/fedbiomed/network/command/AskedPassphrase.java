package fedbiomed.network.command;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A passphrase typed at the terminal, unseen; null where nobody sits at one. */
final class AskedPassphrase {
    private AskedPassphrase() {}

    static char @Nullable [] known(String prompt) {
        var console = System.console();
        return console == null || !console.isTerminal() ? null : console.readPassword("%s", prompt);
    }

    /** Typed twice: what was mistyped once would lock its author out. */
    static char[] chosen(String prompt) {
        var first = known(prompt);
        var second = first == null ? null : known("Once more: ");
        if (first == null || second == null) {
            throw new IllegalArgumentException(
                    "--ask-passphrase needs a terminal; without one, put the passphrase into the environment variable "
                            + fedbiomed.network.enrolment.CaPassphrase.VARIABLE);
        }
        if (!Arrays.equals(first, second)) {
            throw new IllegalArgumentException("the two passphrases are not the same; nothing was made");
        }
        Arrays.fill(second, '\0');
        return first;
    }
}
