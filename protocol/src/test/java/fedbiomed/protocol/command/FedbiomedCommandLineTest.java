package fedbiomed.protocol.command;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** How commands of any party end, and what they say then. */
class FedbiomedCommandLineTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    interface Work {
        void run() throws Exception;
    }

    @Command(name = "fedbiomed", description = "For a test.")
    static final class Root {}

    @Command(name = "work", description = "Works.")
    static final class WorkCommand extends FedbiomedCommand {
        private final Work work;

        @Option(names = "--rounds", paramLabel = "N", description = "How many.")
        int rounds;

        @Parameters(arity = "0..1", paramLabel = "FILE", description = "A file.")
        String file = "";

        WorkCommand(Work work) {
            this.work = work;
        }

        @Override
        protected void run() throws Exception {
            work.run();
            out().println("worked");
            note("as was asked");
        }
    }

    private int run(Work work, String... args) {
        return FedbiomedCommandLine.of(root(work))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(args);
    }

    private static picocli.CommandLine.Model.CommandSpec root(Work work) {
        return picocli.CommandLine.Model.CommandSpec.forAnnotatedObject(new Root())
                .addSubcommand("work", new picocli.CommandLine(new WorkCommand(work)));
    }

    @Test
    void resultsGoToStandardOutputAndNotesToStandardError() {
        assertThat(run(() -> {}, "work")).isZero();
        assertThat(out.toString()).isEqualToIgnoringNewLines("worked");
        assertThat(err.toString()).isEqualToIgnoringNewLines("as was asked");
    }

    @Test
    void whatIsKnownToGoWrongIsOneLineAndEndsWith1() {
        assertThat(run(
                        () -> {
                            throw new FedbiomedException(ErrorCode.POLICY, "no such thing 'x'; see 'list'");
                        },
                        "work"))
                .isEqualTo(1);
        assertThat(err.toString()).isEqualToIgnoringNewLines("fedbiomed: no such thing 'x'; see 'list'");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aFileThatCannotBeReadIsNamedWithTheReason() {
        assertThat(run(
                        () -> {
                            throw new UncheckedIOException("cannot read a.csv", new IOException("disk error"));
                        },
                        "work"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("fedbiomed: cannot read a.csv", "disk error");
        assertThat(run(
                        () -> {
                            throw new NoSuchFileException("b.csv");
                        },
                        "work"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("NoSuchFileException: b.csv").doesNotContain("\tat ");
    }

    @Test
    void aValueThatCannotBeIsWrongUsage() {
        assertThat(run(
                        () -> {
                            throw new IllegalArgumentException("a port is 0 to 65535, not 99999");
                        },
                        "work"))
                .isEqualTo(2);
        assertThat(err.toString()).isEqualToIgnoringNewLines("fedbiomed: a port is 0 to 65535, not 99999");
    }

    @Test
    void aCommandMayHaveAnExitCodeOfItsOwn() {
        assertThat(run(
                        () -> {
                            throw new CommandFailed(ExitCodes.ROUND_FAILED, "round 2 failed", new IOException());
                        },
                        "work"))
                .isEqualTo(3);
        assertThat(err.toString()).isEqualToIgnoringNewLines("fedbiomed: round 2 failed");
    }

    @Test
    void whatNobodyForesawShowsWhereItCameFrom() {
        assertThat(run(
                        () -> {
                            throw new UnsupportedOperationException("odd");
                        },
                        "work"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("please report it", "UnsupportedOperationException: odd", "\tat ");
    }

    @Test
    void aWrongCommandLineSaysWhatIsWrongHowItIsWrittenAndWhereToReadMore() {
        assertThat(run(() -> {}, "work", "--rounds", "many")).isEqualTo(2);
        assertThat(err.toString())
                .startsWith("fedbiomed: invalid value for option '--rounds'")
                .contains("Usage: fedbiomed work [-h] [--rounds=N] [FILE]", "See 'fedbiomed work --help'.");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aCommandThatIsMissingOrMisspeltIsAnsweredWithThoseThatThereAre() {
        assertThat(run(() -> {})).isEqualTo(2);
        assertThat(err.toString()).startsWith("fedbiomed: which command of 'fedbiomed'? work");
        err.getBuffer().setLength(0);
        assertThat(run(() -> {}, "wrok")).isEqualTo(2);
        assertThat(err.toString()).startsWith("fedbiomed: 'fedbiomed' has no command 'wrok'; its commands are work");
        err.getBuffer().setLength(0);
        assertThat(run(() -> {}, "work", "a", "b\u001b[2J")).isEqualTo(2);
        assertThat(err.toString()).startsWith("fedbiomed: 'fedbiomed work' has no use for 'b?[2J'");
    }

    @Test
    void helpTellsOptionsAndExitCodes() {
        assertThat(run(() -> {}, "work", "--help")).isZero();
        assertThat(out.toString())
                .contains(
                        "Usage: fedbiomed work",
                        "Works.",
                        "--rounds=N",
                        "Exit codes:",
                        "  0   done",
                        "  2   the command");
        assertThat(err.toString()).isEmpty();
    }
}
