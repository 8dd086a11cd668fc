package fedbiomed.network.command;

import fedbiomed.protocol.command.FedbiomedCommand;
import fedbiomed.vocabulary.Text;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code network broker-config}: the federation's rules as an external broker's files. */
@Command(
        name = "broker-config",
        description = "Print or write the configuration that gives an external broker this Network's rules.")
final class BrokerConfigCommand extends FedbiomedCommand {
    @Mixin
    HomeOption at = new HomeOption();

    @Parameters(index = "0", paramLabel = "BROKER", description = "Which broker: mosquitto.")
    String broker = "";

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            description = "Write all its files there (default: print mosquitto.conf).")
    @Nullable
    Path out;

    @Override
    protected void run() {
        if (!broker.equals("mosquitto")) {
            throw new IllegalArgumentException(
                    "there is no configuration for the broker '" + Text.shown(broker) + "'; known is mosquitto");
        }
        try (var home = at.open()) {
            if (out == null) {
                out().print(home.mosquittoText(Path.of("/etc/mosquitto/fedbiomed")));
                return;
            }
            home.writeMosquitto(out);
            out().println("The broker's files are in " + out + ". Start the broker with: 'mosquitto -c "
                    + out.resolve("mosquitto.conf") + "'.");
            out().println("Its process must be able to read server-key.pem and acl, which are this user's alone.");
        }
    }
}
