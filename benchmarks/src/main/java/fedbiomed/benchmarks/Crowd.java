package fedbiomed.benchmarks;

import fedbiomed.data.DatasetKinds;
import fedbiomed.data.source.StoredDataset;
import fedbiomed.node.NodeSetup;
import fedbiomed.node.round.Declarations;
import fedbiomed.protocol.identity.Fingerprint;
import fedbiomed.protocol.identity.Identity;
import fedbiomed.protocol.identity.TrustedParties;
import fedbiomed.protocol.transport.EnrolmentClient;
import fedbiomed.protocol.transport.Invitation;
import fedbiomed.vocabulary.PartyId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/**
 * The nodes of a federation in one JVM, since a machine has no room for a thousand of them. Each has keys and a certificate
 * of its own and connects by itself. Does what it is told by a line on standard input, and says when it is done: {@code
 * enrol}, {@code connect}; it ends with its input.
 */
final class Crowd {
    static final String ENROL = "enrol";
    static final String CONNECT = "connect";

    /** Name and invitation of a node a line. */
    static final String INVITATIONS = "invitations.txt";

    static final String TAG = "rows";
    private static final int AT_ONCE = 8;
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Clock CLOCK = Clock.systemUTC();

    private final Path folder;
    private final boolean idle;
    private final PartyId researcher;
    private final Fingerprint fingerprint;
    private final List<AutoCloseable> connected = new ArrayList<>();

    private Crowd(Path folder, boolean idle, PartyId researcher, Fingerprint fingerprint) {
        this.folder = folder;
        this.idle = idle;
        this.researcher = researcher;
        this.fingerprint = fingerprint;
    }

    private record Invited(String name, String token) {}

    /** @param args the folder of their homes, of their plan and data; whether they are {@link IdleParty}; the researcher and its fingerprint */
    static void main(String[] args) throws IOException, InterruptedException {
        var crowd = new Crowd(
                Path.of(args[0]), Boolean.parseBoolean(args[1]), PartyId.of(args[2]), Fingerprint.parse(args[3]));
        var invited = Files.readAllLines(crowd.folder.resolve(INVITATIONS)).stream()
                .map(line -> line.split(" ", 2))
                .map(words -> new Invited(words[0], words[1]))
                .toList();
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (var line = in.readLine(); line != null; line = in.readLine()) {
            switch (line) {
                case ENROL -> crowd.forEach(invited, crowd::enrol);
                case CONNECT -> crowd.connect(invited);
                default -> throw new IllegalArgumentException(line);
            }
            System.out.println(line);
        }
        // without good-byes: the Network may have gone before
        System.exit(0);
    }

    private interface Step {
        void of(Invited node) throws Exception;
    }

    private void forEach(List<Invited> nodes, Step step) throws InterruptedException {
        try (var threads = Executors.newFixedThreadPool(AT_ONCE)) {
            var steps = threads.invokeAll(nodes.stream()
                    .map(node -> (Callable<Boolean>) () -> {
                        step.of(node);
                        return true;
                    })
                    .toList());
            for (var done : steps) {
                done.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a node of the crowd could not do its part", e);
        }
    }

    private Path home(Invited node) {
        return folder.resolve("homes").resolve(node.name());
    }

    private void enrol(Invited node) throws IOException {
        var home = home(node);
        if (idle) {
            Files.createDirectories(home);
            Identity.create(PartyId.of(node.name()), home);
            EnrolmentClient.enrol(Invitation.parse(node.token(), CLOCK), home, CLOCK);
        } else {
            NodeSetup.init(home, node.token(), CLOCK);
            new TrustedParties(home, CLOCK).trust(researcher, fingerprint);
        }
    }

    private void connect(List<Invited> nodes) throws IOException, InterruptedException {
        var data = folder.resolve("rows.csv");
        var described = DatasetKinds.describe(new StoredDataset(DatasetKinds.CSV, data));
        if (idle) {
            forEach(nodes, node -> {
                var party = new IdleParty(
                        home(node),
                        researcher,
                        fingerprint,
                        new TreeSet<>(List.of(TAG)),
                        described.columns(),
                        described.samples());
                party.open();
                require(node, party.awaitConnected(PATIENCE));
                keep(party);
            });
            return;
        }
        var common = new CrowdNode.Common(
                Files.createDirectories(folder.resolve("work")),
                new Declarations(),
                folder.resolve("NoOpPlan.java"),
                data,
                TAG,
                described.samples());
        forEach(nodes, node -> {
            var opened = CrowdNode.open(home(node), common);
            opened.start();
            require(node, opened.awaitConnected(PATIENCE.toMillis()));
            keep(opened);
        });
    }

    private static void require(Invited node, boolean connected) {
        if (!connected) {
            throw new IllegalStateException(node.name() + " was not connected within " + PATIENCE);
        }
    }

    /** Until the program ends. */
    private synchronized void keep(AutoCloseable party) {
        connected.add(party);
    }
}
