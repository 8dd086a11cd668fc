package fedbiomed.protocol.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class InvitationOptionTest {
    @Command(name = "init")
    static final class Init {
        @Mixin
        InvitationOption invitation = new InvitationOption();
    }

    private static String token(InputStream in, String... args) {
        var before = System.in;
        System.setIn(in);
        try {
            return CommandLine.populateCommand(new Init(), args).invitation.token();
        } finally {
            System.setIn(before);
        }
    }

    private static InputStream piped(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void itIsTheFirstLineOfStandardInputWhereThatIsSaid() {
        assertThat(token(piped(" fbm1.abc \nmore\n"), "--invite", "-")).isEqualTo("fbm1.abc");
        assertThat(token(piped("fbm1.abc"), "--invite=-")).isEqualTo("fbm1.abc");
        assertThat(token(piped("fbm1.abc"), "--invite", "fbm1.given")).isEqualTo("fbm1.given");
    }

    /** Nobody sits at a terminal here, and nothing may ever come from standard input. */
    @Test
    void withoutATerminalItIsWrongUsageToLeaveItOutAndNothingIsWaitedFor() {
        var unread = new InputStream() {
            @Override
            public int read() {
                throw new AssertionError("standard input was read");
            }
        };
        assertThatThrownBy(() -> token(unread))
                .isInstanceOf(CommandLine.ParameterException.class)
                .hasMessageContaining("--invite");
    }

    @Test
    void noneIsAnErrorAndALineWithoutEndIsNotReadToItsEnd() {
        assertThatThrownBy(() -> token(piped(""), "--invite=-")).hasMessageContaining("no invitation came");
        assertThat(token(
                        new InputStream() {
                            @Override
                            public int read() {
                                return 'x';
                            }
                        },
                        "--invite=-"))
                .hasSize(8192);
    }
}
