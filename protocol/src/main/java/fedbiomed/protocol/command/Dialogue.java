package fedbiomed.protocol.command;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Questions to the person at the terminal. */
public final class Dialogue {
    private static final int MAX_TRIES = 5;

    private final BufferedReader answers;
    private final PrintWriter questions;

    public Dialogue(BufferedReader answers, PrintWriter questions) {
        this.answers = answers;
        this.questions = questions;
    }

    /** {@code null} where nobody is there to answer. */
    public static @Nullable Dialogue here() {
        var console = System.console();
        return console != null && Terminal.isWatched()
                ? new Dialogue(new BufferedReader(console.reader()), console.writer())
                : null;
    }

    public void say(String text) {
        questions.println(text);
        questions.flush();
    }

    /**
     * The answer, white space around it apart; asked again while {@code reading} refuses it.
     *
     * @param usual what an empty answer means; {@code null} where there is nothing usual
     * @param reading throws IllegalArgumentException saying what is wrong
     * @throws CommandFailed if nothing comes any more, or nothing that will do
     */
    public <T> T ask(String question, @Nullable String usual, Function<String, T> reading) {
        for (int i = 0; i < MAX_TRIES; i++) {
            questions.print(question + (usual == null || usual.isEmpty() ? "" : " [" + usual + "]") + ": ");
            questions.flush();
            var line = line().strip();
            var answer = line.isEmpty() && usual != null ? usual : line;
            try {
                return reading.apply(answer);
            } catch (IllegalArgumentException e) {
                say("  " + e.getMessage());
            }
        }
        throw new CommandFailed(ExitCodes.FAILED, "there was no answer that will do; nothing was done");
    }

    /** Whether the answer is yes; an empty one is no. */
    public boolean confirms(String question) {
        return ask(question + " [y/N]", "", answer -> switch (answer.toLowerCase(java.util.Locale.ROOT)) {
            case "y", "yes" -> true;
            case "", "n", "no" -> false;
            default -> throw new IllegalArgumentException("answer y or n");
        });
    }

    private String line() {
        String line;
        try {
            line = answers.readLine();
        } catch (IOException e) {
            throw new CommandFailed(ExitCodes.FAILED, "the answer could not be read; nothing was done", e);
        }
        if (line == null) {
            throw new CommandFailed(ExitCodes.FAILED, "there was no answer; nothing was done");
        }
        return line;
    }
}
