package fedbiomed.cli.doctor;

import fedbiomed.network.NetworkConfig;
import fedbiomed.network.NetworkHome;
import fedbiomed.protocol.home.AtomicFiles;
import fedbiomed.protocol.home.DataSize;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;

/** A Network's home: its settings, its CA, room on its disk, and whether it runs or could. */
final class NetworkFolder {
    /** A CA is not renewed by itself: every party would have to be invited again. */
    private static final Duration SHORT_VALIDITY = Duration.ofDays(180);

    private final Path home;
    private final Map<String, String> environment;
    private final Clock clock;
    private final Findings findings;

    NetworkFolder(Path home, Map<String, String> environment, Clock clock, Findings findings) {
        this.home = home;
        this.environment = environment;
        this.clock = clock;
        this.findings = findings;
    }

    /** By the folder of its CA, which no other party has. */
    static boolean is(Path home) {
        return Files.isDirectory(home.resolve("ca"));
    }

    void examine() {
        try (var network = NetworkHome.open(home, environment, clock)) {
            findings.good(
                    home.toString(), "a Network's home, " + network.parties().size() + " parties enrolled or invited");
            authority(network);
            authorityKey(network);
            serverKey();
            room(network.config());
            if (network.isRunning()) {
                findings.good(home.toString(), "its Network is running");
            } else {
                ports(network.config());
            }
        } catch (RuntimeException e) {
            findings.bad(home.toString(), String.valueOf(e.getMessage()), "see the message");
        }
    }

    private void authority(NetworkHome network) {
        var left = Duration.between(clock.instant(), network.authorityExpires());
        var text = "its certificate authority is valid for " + left.toDays() + " days more";
        if (left.isNegative()) {
            findings.bad(
                    home.toString(),
                    "its certificate authority expired at " + network.authorityExpires(),
                    "make a new home by 'network init' and invite the parties anew");
        } else if (left.compareTo(SHORT_VALIDITY) < 0) {
            findings.doubtful(home.toString(), text, "plan a new home and new invitations before that");
        } else {
            findings.good(home.toString(), text);
        }
    }

    private void authorityKey(NetworkHome network) {
        if (!network.isAuthorityKeyEncrypted()) {
            findings.doubtful(
                    home.toString(),
                    "the key of its certificate authority is not encrypted",
                    "start the Network once: it encrypts it, and says where the passphrase is");
            return;
        }
        try {
            network.requireAuthorityKey();
            findings.good(
                    home.toString(), "the key of its certificate authority is encrypted, and its passphrase is known");
        } catch (FedbiomedException e) {
            findings.doubtful(home.toString(), e.text(), "or type it when the Network starts");
        }
    }

    /** The Network's start refuses one that others can read; there is none before the first start. */
    private void serverKey() {
        var key = home.resolve("server").resolve("key.pem");
        try {
            if (Files.exists(key)) {
                AtomicFiles.requireOwnerOnly(key);
                findings.good(home.toString(), "the key of its own certificate is its owner's alone");
            }
        } catch (FedbiomedException e) {
            findings.bad(home.toString(), e.text(), "the Network does not start before");
        } catch (IOException e) {
            findings.doubtful(
                    home.toString(),
                    "the mode of " + key + " cannot be read (" + e.getClass().getSimpleName() + ")",
                    "look at the folder's file system");
        }
    }

    private void room(NetworkConfig config) {
        try {
            long free = Files.getFileStore(home).getUsableSpace();
            if (free < config.diskReserve().bytes()) {
                findings.bad(
                        home.toString(),
                        DataSize.ofMebibytes(free >> 20) + " free, less than its disk_reserve of "
                                + config.diskReserve() + ": it refuses uploads and messages",
                        "free some space, or lower disk_reserve in its config.yaml");
            }
        } catch (IOException e) {
            findings.doubtful(
                    home.toString(),
                    "free space cannot be read (" + e.getClass().getSimpleName() + ")",
                    "look at the folder's file system");
        }
    }

    private void ports(NetworkConfig config) {
        port(config.bind(), config.storePort(), "store_port");
        if (config.broker().kind() == NetworkConfig.BrokerKind.EMBEDDED) {
            port(config.bind(), config.mqttPort(), "mqtt_port");
        }
    }

    private void port(String bind, int port, String setting) {
        if (port == 0) {
            return;
        }
        try (var _ = new ServerSocket(port, 1, InetAddress.getByName(bind))) {
            findings.good("port " + port, "free for the Network (" + setting + ")");
        } catch (IOException e) {
            findings.bad(
                    "port " + port,
                    "the Network of " + home + " is not running, and its " + setting + " cannot be had on " + bind
                            + " (" + e.getMessage() + ")",
                    "stop the program that has it, or set another " + setting + " in the home's config.yaml");
        }
    }
}
