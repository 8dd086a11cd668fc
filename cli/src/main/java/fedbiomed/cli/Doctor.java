package fedbiomed.cli;

import fedbiomed.node.round.Bubblewrap;
import fedbiomed.node.round.Cgroups;
import fedbiomed.protocol.identity.Identity;
import fedbiomed.protocol.store.ParameterStoreClient;
import fedbiomed.protocol.transport.FederationAddress;
import fedbiomed.protocol.transport.TransportIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.tools.ToolProvider;

/** Looks at what a party needs: Java, sandbox, disk, memory, and for each home its keys, certificate, Network and clock. */
final class Doctor {
    private static final long LOW_DISK_BYTES = 2L << 30;
    private static final Duration SHORT_VALIDITY = Duration.ofDays(14);
    private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(60);

    enum Verdict {
        GOOD("ok"),
        DOUBTFUL("!!"),
        BAD("XX");

        private final String sign;

        Verdict(String sign) {
            this.sign = sign;
        }

        String sign() {
            return sign;
        }
    }

    /** @param whatToDo empty if nothing need be done */
    record Finding(Verdict verdict, String subject, String what, String whatToDo) {}

    private final Path folder;
    private final List<Path> homes;
    private final Clock clock;
    private final List<Finding> findings = new ArrayList<>();

    Doctor(Path folder, List<Path> homes, Clock clock) {
        this.folder = folder;
        this.homes = homes;
        this.clock = clock;
    }

    List<Finding> examine() {
        java();
        sandbox();
        disk();
        var here = homes.isEmpty()
                ? List.of("network", "node", "researcher").stream()
                        .map(folder::resolve)
                        .filter(Files::isDirectory)
                        .toList()
                : homes;
        if (here.isEmpty()) {
            good("homes", "none in this folder (a party's home is made by 'init')");
            ports(8443, 8883);
        }
        here.forEach(this::home);
        return List.copyOf(findings);
    }

    private void java() {
        var version = Runtime.version();
        if (version.feature() < 25) {
            bad("Java", "version " + version, "install a JDK 25 or newer, or set FEDBIOMED_JAVA_HOME to one");
        } else if (ToolProvider.getSystemJavaCompiler() == null) {
            bad(
                    "Java",
                    "version " + version + " without a compiler",
                    "install a JDK, not a JRE: training plans are compiled here");
        } else {
            good("Java", "version " + version + ", with compiler");
        }
    }

    /** Makes one: that bubblewrap is installed does not say that the kernel lets it. */
    private void sandbox() {
        Bubblewrap.obstacle()
                .ifPresentOrElse(
                        obstacle -> doubtful(
                                "sandbox",
                                "none: " + obstacle,
                                "a node runs no plan without it, unless its config.yaml says 'sandbox: jvm-only', which"
                                        + " leaves plans the node's own rights to files and network"),
                        () -> good("sandbox", "bubblewrap makes one"));
        good(
                "limits",
                Cgroups.obstacle()
                        .map(obstacle ->
                                "a node looks after its workers' memory and threads itself, a few times a second: "
                                        + obstacle)
                        .orElse("the kernel keeps each worker's memory and threads (cgroup v2)"));
    }

    private void disk() {
        try {
            long free = Files.getFileStore(folder.toAbsolutePath()).getUsableSpace();
            var text = (free >> 20) + " MiB free in " + folder.toAbsolutePath();
            if (free < LOW_DISK_BYTES) {
                doubtful(
                        "disk",
                        text,
                        "models and updates need room: keep at least " + (LOW_DISK_BYTES >> 30) + " GiB free");
            } else {
                good("disk", text);
            }
        } catch (IOException e) {
            doubtful(
                    "disk",
                    "free space cannot be read (" + e.getClass().getSimpleName() + ")",
                    "look at the folder's file system");
        }
    }

    private void home(Path home) {
        if (!Files.isDirectory(home)) {
            bad(home.toString(), "no such folder", "make a home with 'init', or name another with --home");
            return;
        }
        if (Files.exists(home.resolve(Identity.FILE))) {
            try {
                var identity = Identity.load(home);
                good(
                        home.toString(),
                        "keys of " + identity.party() + ", fingerprint "
                                + identity.keys().fingerprint());
            } catch (RuntimeException e) {
                bad(home.toString(), String.valueOf(e.getMessage()), "see the message");
            }
        }
        if (TransportIdentity.exists(home)) {
            transport(home);
        }
    }

    private void transport(Path home) {
        try {
            var transport = TransportIdentity.load(home);
            var left = Duration.between(clock.instant(), transport.expires());
            if (left.isNegative()) {
                bad(
                        home.toString(),
                        "the certificate expired at " + transport.expires(),
                        "ask the Network for a new invitation and run 'init' again");
            } else if (left.compareTo(SHORT_VALIDITY) < 0) {
                doubtful(
                        home.toString(),
                        "the certificate is valid for " + left.toDays() + " days more",
                        "start the party: it renews by itself");
            } else {
                good(home.toString(), "the certificate is valid for " + left.toDays() + " days more");
            }
            network(home, transport, FederationAddress.load(home));
        } catch (RuntimeException e) {
            bad(home.toString(), String.valueOf(e.getMessage()), "see the message");
        }
    }

    private void network(Path home, TransportIdentity transport, FederationAddress address) {
        try (var store = new ParameterStoreClient(transport, address, Duration.ZERO)) {
            var health = store.health();
            var difference = Duration.between(health.time(), clock.instant()).abs();
            if (difference.compareTo(CLOCK_TOLERANCE) > 0) {
                bad(
                        "clock",
                        "differs from the Network's by " + difference.toSeconds() + " s",
                        "set both clocks (NTP): messages expire by them");
            } else {
                good("clock", "agrees with the Network's");
            }
            good("store", "https://" + address.host() + ":" + address.storePort() + " answers");
        } catch (RuntimeException e) {
            bad(
                    "store",
                    home + ": the Network does not answer at " + address.host() + ":" + address.storePort(),
                    "is it running, and does the firewall let us out to ports " + address.storePort() + " and "
                            + address.mqttPort() + "?");
            return;
        }
        try (var socket = new java.net.Socket()) {
            socket.connect(new InetSocketAddress(address.mqttHost(), address.mqttPort()), 3000);
            good("broker", address.mqttHost() + ":" + address.mqttPort() + " takes connections");
        } catch (IOException e) {
            bad(
                    "broker",
                    address.mqttHost() + ":" + address.mqttPort() + " takes no connection ("
                            + e.getClass().getSimpleName() + ")",
                    "is the broker running, and does the firewall let us out to port " + address.mqttPort() + "?");
        }
    }

    private void ports(int... ports) {
        for (int port : ports) {
            try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                good("port " + port, "free for a Network");
            } catch (IOException e) {
                doubtful(
                        "port " + port,
                        "in use",
                        "a Network here needs another: 'network init --store-port ... --mqtt-port ...'");
            }
        }
    }

    private void good(String subject, String what) {
        findings.add(new Finding(Verdict.GOOD, subject, what, ""));
    }

    private void doubtful(String subject, String what, String whatToDo) {
        findings.add(new Finding(Verdict.DOUBTFUL, subject, what, whatToDo));
    }

    private void bad(String subject, String what, String whatToDo) {
        findings.add(new Finding(Verdict.BAD, subject, what, whatToDo));
    }
}
