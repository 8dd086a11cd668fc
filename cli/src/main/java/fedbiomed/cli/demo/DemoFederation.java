package fedbiomed.cli.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import fedbiomed.node.round.Bubblewrap;
import fedbiomed.protocol.home.HomeConfig;
import fedbiomed.protocol.identity.Identity;
import fedbiomed.protocol.transport.FreePorts;
import fedbiomed.vocabulary.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A federation in one folder: a Network and nodes as processes of their own, and a researcher's home. Set up by the
 * commands that people use: init, invite, enrol, trust, dataset add, plan approve.
 */
final class DemoFederation implements AutoCloseable {
    static final String RESEARCHER = "alice";
    static final String TAG = "breast-cancer";
    private static final String NODE_HEAP = "192m";
    private static final String NETWORK_HEAP = "256m";
    private static final long POLL_MILLIS = 100;

    private final Path folder;
    private final Commands commands;
    private final DemoProcesses processes;
    private final Optional<String> sandboxWarning;
    private final List<String> nodes = new ArrayList<>();

    DemoFederation(Path folder, Commands commands) throws IOException {
        this.folder = folder;
        this.commands = commands;
        this.sandboxWarning = Bubblewrap.obstacle()
                .map(obstacle -> "WARNING: no sandbox on this machine: " + obstacle
                        + ".\n         The demo's nodes run with 'sandbox: jvm-only'. Do not, with a stranger's plan and real"
                        + " data.");
        this.processes = new DemoProcesses(Files.createDirectories(folder.resolve("logs")));
    }

    DemoProcesses processes() {
        return processes;
    }

    Path researcherHome() {
        return folder.resolve("researcher");
    }

    Path networkHome() {
        return folder.resolve("network");
    }

    Path nodeHome(String node) {
        return folder.resolve(node);
    }

    /**
     * Makes the Network's home on free ports of the loopback, and starts it.
     *
     * @param more options of {@code network init}
     */
    void startNetwork(String... more) throws IOException, InterruptedException {
        var init = new ArrayList<>(List.of(
                "network",
                "init",
                "--home",
                networkHome().toString(),
                "--host",
                "localhost",
                "--bind",
                InetAddress.getLoopbackAddress().getHostAddress(),
                "--store-port",
                "" + FreePorts.next(),
                "--mqtt-port",
                "" + FreePorts.next()));
        init.addAll(List.of(more));
        commands.run(init.toArray(String[]::new));
        restartNetwork();
    }

    void restartNetwork() throws InterruptedException {
        processes.start(
                "network",
                NETWORK_HEAP,
                "network",
                "start",
                "--home",
                networkHome().toString());
        processes.awaitLine("network", "Network ready");
    }

    /** Invites, enrols and tells apart: the node's data manager and the researcher compare fingerprints. */
    void enrolResearcher() {
        commands.run(
                "researcher",
                "init",
                "--home",
                researcherHome().toString(),
                "--invite",
                invitation("researcher", RESEARCHER));
    }

    void enrolNode(String node) {
        commands.run("node", "init", "--home", nodeHome(node).toString(), "--invite", invitation("node", node));
        if (sandboxWarning.isPresent()) {
            withoutSandbox(nodeHome(node).resolve(HomeConfig.FILE));
        }
        commands.run(
                "node",
                "researcher",
                "trust",
                RESEARCHER,
                fingerprint(researcherHome()),
                "--home",
                nodeHome(node).toString());
        commands.run(
                "researcher",
                "node",
                "trust",
                node,
                fingerprint(nodeHome(node)),
                "--home",
                researcherHome().toString());
        nodes.add(node);
    }

    private static void withoutSandbox(Path config) {
        try {
            Files.writeString(
                    config, Files.readString(config).replaceFirst("(?m)^sandbox: bubblewrap$", "sandbox: jvm-only"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot change " + config, e);
        }
    }

    private String invitation(String role, String party) {
        return json(commands.run(
                        "network",
                        "invite",
                        role,
                        party,
                        "--json",
                        "--home",
                        networkHome().toString()))
                .path("token")
                .asText();
    }

    private static String fingerprint(Path home) {
        return Identity.load(home).keys().fingerprint().value();
    }

    /** That this machine has no sandbox, and what the demo does about it: its plan is ours and its data are public. */
    Optional<String> sandboxWarning() {
        return sandboxWarning;
    }

    void startNode(String node) {
        processes.start(
                node, NODE_HEAP, "node", "start", "--home", nodeHome(node).toString());
    }

    void awaitNode(String node) throws InterruptedException {
        processes.awaitLine(node, "is connected");
    }

    void addDataset(String node, Path csv) {
        commands.run(
                "node",
                "dataset",
                "add",
                csv.toString(),
                "--home",
                nodeHome(node).toString(),
                "--name",
                TAG,
                "--tags",
                TAG,
                "--description",
                "Breast Cancer Wisconsin (Diagnostic), as " + node + " sees it");
    }

    /** The data managers' act: waits until the plan has been asked for at every node, and approves it there. */
    void approvePlans(String className) throws InterruptedException {
        for (var node : nodes) {
            var home = nodeHome(node).toString();
            while (true) {
                var pending = pending(home, className);
                if (!pending.isEmpty()) {
                    commands.run(
                            "node",
                            "plan",
                            "approve",
                            pending,
                            "--home",
                            home,
                            "--note",
                            "approved by the demo's script");
                    break;
                }
                Thread.sleep(POLL_MILLIS);
            }
        }
    }

    private String pending(String home, String className) {
        for (var plan : json(commands.run("node", "plan", "list", "--json", "--home", home))) {
            if (plan.path("status").asText().equalsIgnoreCase("PENDING")
                    && plan.toString().contains(className)) {
                return plan.path("id").asText();
            }
        }
        return "";
    }

    static JsonNode json(String text) {
        try {
            return Json.MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("a command's --json is not JSON", e);
        }
    }

    @Override
    public void close() {
        processes.close();
    }
}
