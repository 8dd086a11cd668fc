package fedbiomed.cli.doctor;

import fedbiomed.node.round.Bubblewrap;
import fedbiomed.node.round.Cgroups;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import javax.tools.ToolProvider;

/** Looks at what all parties need (Java, sandbox, disk), and at each home. */
final class Doctor {
    private static final long LOW_DISK_BYTES = 2L << 30;

    private final Path folder;
    private final List<Path> homes;
    private final Map<String, String> environment;
    private final Clock clock;
    private final Findings findings = new Findings();

    /** @param homes to look at; empty: those in {@code folder} */
    Doctor(Path folder, List<Path> homes, Map<String, String> environment, Clock clock) {
        this.folder = folder;
        this.homes = homes;
        this.environment = environment;
        this.clock = clock;
    }

    List<Findings.Finding> examine() {
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
            findings.good("homes", "none in this folder (a party's home is made by 'init')");
            ports(8443, 8883);
        }
        here.forEach(this::home);
        return findings.all();
    }

    private void java() {
        var version = Runtime.version();
        if (version.feature() < 25) {
            findings.bad("Java", "version " + version, "install a JDK 25 or newer, or set FEDBIOMED_JAVA_HOME to one");
        } else if (ToolProvider.getSystemJavaCompiler() == null) {
            findings.bad(
                    "Java",
                    "version " + version + " without a compiler",
                    "install a JDK, not a JRE: training plans are compiled here");
        } else {
            findings.good("Java", "version " + version + ", with compiler");
        }
    }

    /** Makes one: that bubblewrap is installed does not say that the kernel lets it. */
    private void sandbox() {
        Bubblewrap.obstacle()
                .ifPresentOrElse(
                        obstacle -> findings.doubtful(
                                "sandbox",
                                "none: " + obstacle,
                                "a node runs no plan without it, unless its config.yaml says 'sandbox: jvm-only', which"
                                        + " leaves plans the node's own rights to files and network"),
                        () -> findings.good("sandbox", "bubblewrap makes one"));
        findings.good(
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
                findings.doubtful(
                        "disk",
                        text,
                        "models and updates need room: keep at least " + (LOW_DISK_BYTES >> 30) + " GiB free");
            } else {
                findings.good("disk", text);
            }
        } catch (IOException e) {
            findings.doubtful(
                    "disk",
                    "free space cannot be read (" + e.getClass().getSimpleName() + ")",
                    "look at the folder's file system");
        }
    }

    private void home(Path home) {
        if (!Files.isDirectory(home)) {
            findings.bad(home.toString(), "no such folder", "make a home with 'init', or name another with --home");
            return;
        }
        if (NetworkFolder.is(home)) {
            new NetworkFolder(home, environment, clock, findings).examine();
        } else if (PartyHome.is(home)) {
            new PartyHome(home, clock, findings).examine();
        } else {
            findings.bad(
                    home.toString(),
                    "no party's home: it has neither keys nor a certificate authority",
                    "make a home with 'init', or name another with --home");
        }
    }

    private void ports(int... ports) {
        for (int port : ports) {
            try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                findings.good("port " + port, "free for a Network");
            } catch (IOException e) {
                findings.doubtful(
                        "port " + port,
                        "in use",
                        "a Network here needs another: 'network init --store-port ... --mqtt-port ...'");
            }
        }
    }
}
