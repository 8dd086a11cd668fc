package fedbiomed.cli.doctor;

import fedbiomed.node.policy.PolicyFile;
import fedbiomed.node.yaml.YamlProblem;
import fedbiomed.protocol.identity.Identity;
import fedbiomed.protocol.store.ParameterStoreClient;
import fedbiomed.protocol.transport.FederationAddress;
import fedbiomed.protocol.transport.TransportIdentity;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

/** A node's or researcher's home: its keys, its certificate, and whether its Network answers. */
final class PartyHome {
    private static final Duration SHORT_VALIDITY = Duration.ofDays(14);
    private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(60);
    private static final int CONNECT_MILLIS = 3000;

    private final Path home;
    private final Clock clock;
    private final Findings findings;

    PartyHome(Path home, Clock clock, Findings findings) {
        this.home = home;
        this.clock = clock;
        this.findings = findings;
    }

    static boolean is(Path home) {
        return Files.exists(home.resolve(Identity.FILE)) || TransportIdentity.exists(home);
    }

    void examine() {
        if (Files.exists(home.resolve(Identity.FILE))) {
            keys();
        }
        if (Files.exists(home.resolve(PolicyFile.FILE))) {
            policy();
        }
        if (TransportIdentity.exists(home)) {
            transport();
        }
    }

    private void keys() {
        try {
            var identity = Identity.load(home);
            findings.good(
                    home.toString(),
                    "keys of " + identity.party() + ", fingerprint "
                            + identity.keys().fingerprint());
        } catch (RuntimeException e) {
            findings.bad(home.toString(), String.valueOf(e.getMessage()), "see the message");
        }
    }

    private void policy() {
        try {
            PolicyFile.of(home, 0);
            findings.good(home.toString(), "its policy (" + PolicyFile.FILE + ") can be read");
        } catch (YamlProblem e) {
            findings.bad(
                    home.toString(),
                    PolicyFile.FILE + ", " + e.text() + "; this node serves no request",
                    "mend the file; 'fedbiomed node policy check' says whether it can be read");
        }
    }

    private void transport() {
        try {
            var transport = TransportIdentity.load(home);
            certificate(transport);
            network(transport, FederationAddress.load(home));
        } catch (RuntimeException e) {
            findings.bad(home.toString(), String.valueOf(e.getMessage()), "see the message");
        }
    }

    private void certificate(TransportIdentity transport) {
        var left = Duration.between(clock.instant(), transport.expires());
        if (left.isNegative()) {
            findings.bad(
                    home.toString(),
                    "the certificate expired at " + transport.expires(),
                    "ask the Network for a new invitation and run 'init' again");
        } else if (left.compareTo(SHORT_VALIDITY) < 0) {
            findings.doubtful(
                    home.toString(),
                    "the certificate is valid for " + left.toDays() + " days more",
                    "start the party: it renews by itself");
        } else {
            findings.good(home.toString(), "the certificate is valid for " + left.toDays() + " days more");
        }
    }

    private void network(TransportIdentity transport, FederationAddress address) {
        try (var store = new ParameterStoreClient(transport, address, Duration.ZERO)) {
            var health = store.health();
            var difference = Duration.between(health.time(), clock.instant()).abs();
            if (difference.compareTo(CLOCK_TOLERANCE) > 0) {
                findings.bad(
                        "clock",
                        "differs from the Network's by " + difference.toSeconds() + " s",
                        "set both clocks (NTP): messages expire by them");
            } else {
                findings.good("clock", "agrees with the Network's");
            }
            findings.good("store", "https://" + address.host() + ":" + address.storePort() + " answers");
        } catch (RuntimeException e) {
            findings.bad(
                    "store",
                    home + ": the Network does not answer at " + address.host() + ":" + address.storePort(),
                    "is it running, and does the firewall let us out to ports " + address.storePort() + " and "
                            + address.mqttPort() + "?");
            return;
        }
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(address.mqttHost(), address.mqttPort()), CONNECT_MILLIS);
            findings.good("broker", address.mqttHost() + ":" + address.mqttPort() + " takes connections");
        } catch (IOException e) {
            findings.bad(
                    "broker",
                    address.mqttHost() + ":" + address.mqttPort() + " takes no connection ("
                            + e.getClass().getSimpleName() + ")",
                    "is the broker running, and does the firewall let us out to port " + address.mqttPort() + "?");
        }
    }
}
