package fedbiomed.network.command;

import fedbiomed.network.Network;
import fedbiomed.network.NetworkConfig;
import fedbiomed.network.enrolment.CaPassphrase;
import fedbiomed.protocol.command.FedbiomedCommand;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code network init}: makes a home. */
@Command(name = "init", description = "Make a Network's home: its certificate authority and its config.yaml.")
final class InitCommand extends FedbiomedCommand {
    @Mixin
    HomeOption at = new HomeOption();

    @Option(
            names = "--host",
            paramLabel = "NAME",
            description = "A name or address by which parties reach this machine; repeatable, the first goes into"
                    + " invitations (default: localhost, for a trial on one machine).")
    List<String> hosts = List.of();

    @Option(
            names = "--bind",
            paramLabel = "ADDRESS",
            description = "Listen on this address of the machine only (default: ${DEFAULT-VALUE}, all of them).")
    String bind = NetworkConfig.DEFAULTS.bind();

    @Option(
            names = "--store-port",
            paramLabel = "PORT",
            description = "Port of the parameter store, HTTPS (default: ${DEFAULT-VALUE}).")
    int storePort = NetworkConfig.DEFAULTS.storePort();

    @Option(
            names = "--mqtt-port",
            paramLabel = "PORT",
            description = "Port of the broker, MQTT over TLS (default: ${DEFAULT-VALUE}).")
    int mqttPort = NetworkConfig.DEFAULTS.mqttPort();

    @Option(names = "--broker", paramLabel = "KIND", description = "embedded or external (default: ${DEFAULT-VALUE}).")
    String broker = "embedded";

    @Option(
            names = "--broker-host",
            paramLabel = "NAME",
            description = "Host of the external broker (default: the first --host).")
    String brokerHost = "";

    @Option(
            names = "--broker-port",
            paramLabel = "PORT",
            description = "Port of the external broker (default: ${DEFAULT-VALUE}).")
    int brokerPort = NetworkConfig.DEFAULTS.broker().externalPort();

    @Option(
            names = "--broker-config",
            paramLabel = "FOLDER",
            description = "Where the external broker's files are kept up to date.")
    String brokerConfig = "";

    @Option(
            names = "--on-change",
            paramLabel = "COMMAND",
            description = "Run when those files have changed, e.g. 'systemctl reload mosquitto'.")
    String onChange = "";

    @Option(
            names = "--ask-passphrase",
            description =
                    "Ask here for the passphrase that encrypts the certificate authority's key, and keep it nowhere:"
                            + " whoever starts the Network types it (default: $" + CaPassphrase.VARIABLE
                            + ", else one is made in a file beside the home).")
    boolean askPassphrase;

    @Override
    protected void run() {
        var names = hosts.isEmpty() ? NetworkConfig.DEFAULTS.hosts() : hosts;
        var config = NetworkConfig.DEFAULTS.withHosts(names).withBind(bind).withPorts(storePort, mqttPort);
        var kind = kind();
        if (kind == NetworkConfig.BrokerKind.EXTERNAL) {
            var host = brokerHost.isEmpty() ? names.getFirst() : brokerHost;
            config = config.withBroker(new NetworkConfig.Broker(kind, host, brokerPort, brokerConfig, onChange));
        }
        var passphrase = CaPassphrase.of(at.path(), config.caPassphraseFile(), System.getenv());
        Network.init(
                at.path(), config, askPassphrase ? passphrase.asking(AskedPassphrase::chosen) : passphrase, clock());
        out().println("The Network's home is " + at.path() + ", its settings are in "
                + at.path().resolve("config.yaml") + ".");
        out().println("Parties will reach it as " + names.getFirst() + ", ports " + config.storePort() + " and "
                + config.mqttPort() + ".");
        out().println("Back up " + at.path().resolve("ca") + ". The key in it is encrypted; "
                + (passphrase.isInFile()
                        ? "its passphrase is in " + passphrase.file()
                                + ": back that up too, elsewhere - with both, anyone can certify parties."
                        : "keep its passphrase elsewhere - with both, anyone can certify parties."));
        out().println();
        out().println("Next:");
        out().println("  fedbiomed network start" + at.repeated());
        out().println("  fedbiomed network invite node NAME" + at.repeated());
        out().println("  fedbiomed network invite researcher NAME" + at.repeated());
    }

    private NetworkConfig.BrokerKind kind() {
        try {
            return NetworkConfig.BrokerKind.valueOf(broker.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--broker is embedded or external, not '" + broker + "'", e);
        }
    }
}
