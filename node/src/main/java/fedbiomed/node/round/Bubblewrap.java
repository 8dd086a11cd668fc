package fedbiomed.node.round;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The command by which a worker runs in namespaces of its own (bubblewrap): its root is empty but for the system's
 * libraries, the JDK, the class path, one dataset (all read-only) and its own folder.
 */
public final class Bubblewrap {
    /** System property: the program's file, where it is to be another than the first on the path. */
    public static final String PROGRAM_PROPERTY = "fedbiomed.bubblewrap";

    private static final String PROGRAM = "bwrap";
    private static final String DEFAULT_PATH = "/usr/bin:/bin:/usr/local/bin";
    private static final int PROBE_SECONDS = 20;
    private static final int MAX_PROBE_CHARS = 200;

    /** Where the dynamic linker looks; links (as on a merged /usr) stay links. */
    private static final List<String> LIBRARIES =
            List.of("/usr/lib", "/usr/lib64", "/usr/lib32", "/lib", "/lib64", "/lib32", "/etc/ld.so.cache");

    private static final List<String> DEVICES = List.of("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom");

    /** File descriptor on which the shell that starts bubblewrap opens the system call filter. */
    static final int FILTER_DESCRIPTOR = 9;

    private final List<String> options = new ArrayList<>();

    private Bubblewrap(Path program) {
        // everything is unshared: no network but a loopback of its own, no process of the machine, no shared memory
        options.addAll(List.of(
                program.toString(),
                "--unshare-all",
                "--die-with-parent",
                "--new-session",
                "--clearenv",
                "--cap-drop",
                "ALL",
                "--hostname",
                "worker"));
        LIBRARIES.forEach(this::library);
    }

    /** The program's file, if it is installed. */
    static Optional<Path> program() {
        var named = System.getProperty(PROGRAM_PROPERTY);
        if (named != null) {
            return Optional.of(Path.of(named)).filter(Files::isExecutable);
        }
        var path = Optional.ofNullable(System.getenv("PATH")).orElse("") + File.pathSeparator + DEFAULT_PATH;
        return Arrays.stream(path.split(File.pathSeparator))
                .filter(folder -> folder.startsWith("/"))
                .map(folder -> Path.of(folder, PROGRAM))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Why no sandbox can be made on this machine, and what to do about it; empty if one was just made.
     *
     * @throws FedbiomedException {@code CANCELLED} if this thread was interrupted, which says nothing of the sandbox
     */
    public static Optional<String> obstacle() {
        var program = program();
        if (program.isEmpty()) {
            return Optional.of("bubblewrap (bwrap) is not installed; install it: apt-get install bubblewrap, or dnf"
                    + " install bubblewrap");
        }
        var probe = new Bubblewrap(program.get());
        var java = Path.of(System.getProperty("java.home"));
        probe.readable(java);
        var command = probe.command(Path.of("/"), Map.of(), List.of(javaProgram(java), "--version"));
        try {
            return obstacle(
                    new ProcessBuilder(command).redirectErrorStream(true).start());
        } catch (IOException e) {
            return Optional.of("bubblewrap cannot be started (" + e.getClass().getSimpleName() + ")");
        }
    }

    /** What a probe says fits into its pipe, so its end is awaited first. */
    private static Optional<String> obstacle(Process probe) throws IOException {
        try {
            probe.getOutputStream().close();
            if (!probe.waitFor(PROBE_SECONDS, TimeUnit.SECONDS)) {
                return Optional.of("bubblewrap does not answer within " + PROBE_SECONDS + " s");
            }
            var said = new String(probe.getInputStream().readNBytes(MAX_PROBE_CHARS), StandardCharsets.UTF_8);
            return probe.exitValue() == 0
                    ? Optional.empty()
                    : Optional.of("bubblewrap cannot make a sandbox here (" + Text.shown(said.strip())
                            + "); within a container allow user namespaces (kernel.unprivileged_userns_clone=1) and a"
                            + " mount of /proc");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FedbiomedException(ErrorCode.CANCELLED, "the look at bubblewrap was interrupted", e);
        } finally {
            probe.destroyForcibly();
        }
    }

    private static String javaProgram(Path home) {
        return home.resolve("bin").resolve("java").toString();
    }

    /** @throws FedbiomedException if it is not installed */
    static Bubblewrap open() {
        return new Bubblewrap(program()
                .orElseThrow(() -> new FedbiomedException(
                        ErrorCode.POLICY,
                        "bubblewrap (bwrap) is not installed at the node; its data manager installs it")));
    }

    private void library(String name) {
        var path = Path.of(name);
        if (Files.isSymbolicLink(path)) {
            try {
                options.addAll(List.of("--symlink", Files.readSymbolicLink(path).toString(), name));
            } catch (IOException _) {
                options.addAll(List.of("--ro-bind-try", name, name));
            }
        } else if (Files.exists(path)) {
            options.addAll(List.of("--ro-bind", name, name));
        }
    }

    /** A file or folder that the worker may read, under its own name. */
    Bubblewrap readable(Path path) {
        return readable(path, path);
    }

    Bubblewrap readable(Path path, Path shownAs) {
        options.addAll(List.of("--ro-bind", path.toString(), shownAs.toString()));
        return this;
    }

    /** The JDK, and what its links (a distribution's configuration, certificates) point to. */
    Bubblewrap jdk(Path home) throws IOException {
        readable(home);
        for (var folder : List.of(home, home.resolve("conf"), home.resolve("lib"), home.resolve("lib/security"))) {
            outsideLinks(folder, home.toRealPath()).forEach(this::readable);
        }
        return this;
    }

    private static Set<Path> outsideLinks(Path folder, Path home) throws IOException {
        var targets = new LinkedHashSet<Path>();
        if (Files.isDirectory(folder)) {
            try (var entries = Files.newDirectoryStream(folder)) {
                for (var entry : entries) {
                    if (Files.isSymbolicLink(entry)
                            && Files.exists(entry)
                            && !entry.toRealPath().startsWith(home)) {
                        targets.add(entry.toRealPath());
                    }
                }
            }
        }
        return targets;
    }

    Bubblewrap writable(Path folder) {
        options.addAll(List.of("--bind", folder.toString(), folder.toString()));
        return this;
    }

    /** A device that the worker may use, e.g. a GPU. */
    Bubblewrap device(Path device) {
        options.addAll(List.of("--dev-bind", device.toString(), device.toString()));
        return this;
    }

    /** The whole command. */
    List<String> command(Path workingFolder, Map<String, String> environment, List<String> program) {
        var command = new ArrayList<>(options);
        DEVICES.forEach(device -> command.addAll(List.of("--dev-bind", device, device)));
        command.addAll(List.of("--proc", "/proc"));
        // what is left of the empty root, which is in memory, must not be a place to fill
        command.addAll(List.of("--remount-ro", "/"));
        environment.forEach((name, value) -> command.addAll(List.of("--setenv", name, value)));
        command.addAll(List.of("--chdir", workingFolder.toString(), "--"));
        command.addAll(program);
        return command;
    }

    /** As {@link #command}, with the system call filter that stands on {@link #FILTER_DESCRIPTOR}. */
    Bubblewrap filtered() {
        options.addAll(List.of("--seccomp", String.valueOf(FILTER_DESCRIPTOR)));
        return this;
    }
}
