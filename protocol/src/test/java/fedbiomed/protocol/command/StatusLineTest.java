package fedbiomed.protocol.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StatusLineTest {
    @Test
    void otherLinesGoAboveIt() {
        var bytes = new ByteArrayOutputStream();
        try (var line = new StatusLine(new PrintStream(bytes, true, StandardCharsets.UTF_8))) {
            line.show("bar 1");
            line.printAbove("news");
            line.show("bar 2");
        }
        var clear = "\r\u001b[K";
        assertThat(bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n"))
                .isEqualTo(clear + "bar 1" + clear + "news\n" + clear + "bar 1" + clear + "bar 2\n");
    }

    @Test
    void whatIsErasedLeavesNothing() {
        var bytes = new ByteArrayOutputStream();
        var line = new StatusLine(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        line.show("reading");
        line.erase();
        line.show("again");
        line.close();
        assertThat(bytes.toString(StandardCharsets.UTF_8)).endsWith("reading\r\u001b[K");
    }
}
