package fedbiomed.benchmarks;

import fedbiomed.network.NetworkHome;
import fedbiomed.protocol.identity.Fingerprint;
import fedbiomed.protocol.identity.Identity;
import fedbiomed.protocol.identity.TrustedParties;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Many nodes on one Network of this machine: a Network as a user starts it, a researcher in a process of its own, and nodes
 * that are real but for their training, in one JVM ({@link Crowd}). All connect over mutual TLS with keys and certificates
 * of their own, to which each came by an invitation, and are trusted by the researcher and trust it.
 */
final class ManyNodes {
    private static final double NANOS = 1e9;
    private static final int MILLIS = 1000;
    private static final double KIBI = 1024;
    private static final Duration VALIDITY = Duration.ofHours(12);
    private static final Clock CLOCK = Clock.systemUTC();

    /** For what a start or many connections leave behind to be done. */
    private static final long SETTLED_MILLIS = 5_000;

    private static final long IDLE_MILLIS = 60_000;
    private static final String CROWD_HEAP = "4g";

    /** More than the launcher gives a Network: 768 MiB are enough for some thousand connections. */
    private static final String NETWORK_OF_MANY = "-Xmx4g";

    /** As the launcher gives a researcher. */
    private static final String RESEARCHER_HEAP = "768m";

    /** {@code linear(4, 64), linear(64, 374), linear(374, 1)}: 25,005 parameters, 100 kB. */
    private static final int[] MODEL = {64, 374};

    private final Path launcher;
    private final Path folder;
    private final int nodes;
    private final int warm;
    private final int rounds;

    /**
     * @param launcher the {@code fedbiomed} of a built checkout
     * @param warm rounds that do not count
     * @param rounds that do
     */
    ManyNodes(Path launcher, Path folder, int nodes, int warm, int rounds) {
        this.launcher = launcher;
        this.folder = folder;
        this.nodes = nodes;
        this.warm = warm;
        this.rounds = rounds;
    }

    /** Connected to a Network that was started anew since they were enrolled, so that what enrolling left behind does not count. */
    private interface Connected<T> {
        /** @param base the Network's own memory before anybody was connected, in MiB */
        T with(Parties parties, Watched network, double base, Watched crowd) throws IOException, InterruptedException;
    }

    private <T> T connected(boolean idle, Connected<T> then) throws IOException, InterruptedException {
        Files.writeString(folder.resolve("NoOpPlan.java"), WholeRound.plan(MODEL[0], MODEL[1]));
        Files.writeString(folder.resolve("rows.csv"), WholeRound.rows());
        try (var parties = new Parties(launcher, folder)) {
            parties.makeNetwork();
            raiseLimits();
            var options = idle ? NETWORK_OF_MANY : "";
            var first = parties.launchNetwork(options);
            parties.enrolResearcher();
            changeConfig(parties.researcherHome(), "search_patience", "10m");
            invite();
            var researcher = Identity.load(parties.researcherHome());
            try (var crowd = new Child(
                    Crowd.class,
                    CROWD_HEAP,
                    folder.resolve("crowd.log"),
                    List.of(
                            folder.toString(),
                            String.valueOf(idle),
                            Parties.RESEARCHER,
                            researcher.keys().fingerprint().value()))) {
                crowd.does(Crowd.ENROL);
                new TrustedParties(parties.researcherHome(), CLOCK).trust(fingerprints());
                parties.stop(first);
                try (var network = new Watched(parties.launchNetwork(options));
                        var inCrowd = new Watched(crowd.process())) {
                    Thread.sleep(SETTLED_MILLIS);
                    double base = network.mebibytes();
                    crowd.does(Crowd.CONNECT);
                    Thread.sleep(SETTLED_MILLIS);
                    return then.with(parties, network, base, inCrowd);
                }
            }
        }
    }

    List<Measurement> rounds() throws IOException, InterruptedException {
        return connected(false, (parties, network, base, crowd) -> {
            var measured = new ArrayList<Measurement>();
            var name = String.format(Locale.ROOT, "%,d nodes: ", nodes);
            measured.add(Measurement.figure(
                    name + "the Network's memory, a connected node",
                    (network.mebibytes() - base) * KIBI / nodes,
                    "KiB"));
            try (var program = new Child(
                            RoundsAlone.class,
                            RESEARCHER_HEAP,
                            folder.resolve("researcher.log"),
                            List.of(
                                    parties.researcherHome().toString(),
                                    folder.resolve("NoOpPlan.java").toString(),
                                    folder.resolve("experiment").toString(),
                                    String.valueOf(warm + rounds)));
                    var researcher = new Watched(program.process())) {
                program.says(RoundsAlone.OPENED);
                double opened = researcher.mebibytes();
                long begun = System.nanoTime();
                int found = Integer.parseInt(program.says(RoundsAlone.FOUND));
                if (found != nodes) {
                    throw new IllegalStateException(found + " participants, of " + nodes + " nodes");
                }
                measured.add(
                        Measurement.figure(name + "search and preparation", (System.nanoTime() - begun) / NANOS, "s"));
                measured.addAll(rounds(name, program, List.of(network, researcher, crowd)));
                measured.add(Measurement.figure(
                        name + "the Network's memory at its most, a node",
                        (network.peakMebibytes() - base) * KIBI / nodes,
                        "KiB"));
                measured.add(Measurement.figure(
                        name + "the researcher's memory at its most", researcher.peakMebibytes(), "MiB"));
                measured.add(Measurement.figure(
                        name + "what it grew by since it was opened, a node",
                        (researcher.peakMebibytes() - opened) * KIBI / nodes,
                        "KiB"));
            }
            return measured;
        });
    }

    /** @param watched the Network, the researcher and the nodes */
    private List<Measurement> rounds(String name, Child program, List<Watched> watched) throws IOException {
        var seconds = new double[rounds];
        var cpu = new double[watched.size()];
        long ended = 0;
        for (int round = 1; round <= warm + rounds; round++) {
            program.says(RoundsAlone.ROUND + round);
            long now = System.nanoTime();
            if (round > warm) {
                seconds[round - warm - 1] = (now - ended) / NANOS;
            }
            if (round == warm) {
                Arrays.setAll(cpu, i -> watched.get(i).cpuSeconds());
            }
            ended = now;
        }
        Arrays.setAll(cpu, i -> (watched.get(i).cpuSeconds() - cpu[i]) * MILLIS / rounds / nodes);
        Arrays.sort(seconds);
        return List.of(
                Measurement.figure(name + "a round of a 100 kB model, median", seconds[rounds / 2] * MILLIS, "ms"),
                Measurement.figure(name + "the Network's CPU, a node and round", cpu[0], "ms"),
                Measurement.figure(name + "the researcher's CPU, a node and round", cpu[1], "ms"),
                Measurement.figure(name + "a node's own CPU in a round", cpu[2], "ms"));
    }

    List<Measurement> idle() throws IOException, InterruptedException {
        return connected(true, (parties, network, base, crowd) -> {
            var measured = new ArrayList<Measurement>();
            var name = String.format(Locale.ROOT, "%,d idle: ", nodes);
            measured.add(Measurement.figure(
                    name + "the Network's memory, a connected node",
                    (network.mebibytes() - base) * KIBI / nodes,
                    "KiB"));
            double cpu = network.cpuSeconds();
            Thread.sleep(IDLE_MILLIS);
            measured.add(Measurement.figure(
                    name + "the Network's CPU in a second of rest",
                    (network.cpuSeconds() - cpu) / IDLE_MILLIS * MILLIS * MILLIS,
                    "ms"));
            try (var program = new Child(
                    RoundsAlone.class,
                    RESEARCHER_HEAP,
                    folder.resolve("researcher.log"),
                    List.of(parties.researcherHome().toString()))) {
                program.says(RoundsAlone.OPENED);
                long begun = System.nanoTime();
                int found = Integer.parseInt(program.says(RoundsAlone.FOUND));
                measured.add(Measurement.figure(
                        name + "until a search was answered", (System.nanoTime() - begun) / NANOS, "s"));
                measured.add(Measurement.throughput(
                        name + "nodes that answered it", found, "nodes", nodes, "all that are connected", 1));
            }
            measured.add(Measurement.figure(name + "the Network's memory at its most", network.peakMebibytes(), "MiB"));
            return measured;
        });
    }

    /** As a person does it who runs the command for each. */
    private void invite() throws IOException {
        var lines = new ArrayList<String>();
        try (var network = NetworkHome.open(folder.resolve("network"), System.getenv(), CLOCK)) {
            for (int i = 0; i < nodes; i++) {
                var node = String.format(Locale.ROOT, "node-%05d", i);
                lines.add(node + " "
                        + network.invite(Role.NODE, PartyId.of(node), VALIDITY).token());
            }
        }
        Files.write(folder.resolve(Crowd.INVITATIONS), lines);
    }

    private Map<PartyId, Fingerprint> fingerprints() throws IOException {
        var fingerprints = new TreeMap<PartyId, Fingerprint>();
        try (var homes = Files.list(folder.resolve("homes"))) {
            homes.map(Identity::load)
                    .forEach(identity ->
                            fingerprints.put(identity.party(), identity.keys().fingerprint()));
        }
        return fingerprints;
    }

    /** All nodes of this machine come from one address, and come at once: what an IT department sets for a site of that size. */
    private void raiseLimits() throws IOException {
        var network = folder.resolve("network");
        var many = String.valueOf(Math.max(1_000, 2 * nodes));
        changeConfig(network, "all_connections", String.valueOf(Math.max(2_000, 2 * nodes)));
        changeConfig(network, "connections_per_address", many);
        changeConfig(network, "requests_per_minute_per_address", many + "0");
        changeConfig(network, "requests_per_minute", many + "0");
        changeConfig(network, "handshake", "60s");
        // a researcher's, who asks them all at once
        changeConfig(network, "messages", String.valueOf(Math.max(10_000, 4 * nodes)));
    }

    /** Each of that name, in whatever part. */
    private static void changeConfig(Path home, String key, String value) throws IOException {
        var config = home.resolve("config.yaml");
        var before = Files.readString(config);
        var after = before.replaceAll("(?m)^( *" + key + "): .*$", "$1: " + value);
        if (!before.contains(key + ": ")) {
            throw new IllegalStateException(config + " has no " + key);
        }
        Files.writeString(config, after);
    }
}
