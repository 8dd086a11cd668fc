package fedbiomed.node.round;

import fedbiomed.protocol.home.AtomicFiles;
import fedbiomed.training.worker.WorkerMain;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How a worker's JVM is started, and found again after this node was killed. */
final class WorkerProcess {
    static final String WORKER_PREFIX = "worker-";
    private static final String PID_FILE = "pid";
    private static final List<String> LOCALE = List.of("LANG", "LC_ALL");
    private static final String SHELL = "/bin/sh";
    private static final int FILE_BLOCK_BYTES = 512;
    private static final long FIRST_HEAP_BYTES = 16L << 20;

    /** The class path, the JDK's archives and a plan's dataset are two dozen. */
    private static final int OPEN_FILES = 256;

    static final String CRASH_LOG = "crash.log";

    private WorkerProcess() {}

    /** The file of {@link WorkerRehearsal#CACHE_PROPERTY}, where it is there. */
    private static Optional<Path> cache() {
        return Optional.ofNullable(System.getProperty(WorkerRehearsal.CACHE_PROPERTY))
                .map(Path::of)
                .filter(Files::isRegularFile);
    }

    /**
     * @param main what it runs
     * @param natives folders of unpacked libraries, which a sandboxed worker sees in its own
     * @param group the control group that it runs in, if there is one for it
     */
    static Process start(
            WorkerSettings settings,
            Class<?> main,
            WorkerFolder folder,
            Path dataset,
            List<Path> classPath,
            List<Path> natives,
            @Nullable Path group)
            throws IOException {
        boolean sandboxed = settings.sandbox() == SandboxKind.BUBBLEWRAP;
        var environment = environment(settings);
        var gpus = Gpus.of(classPath, Gpus.DEVICES);
        boolean lent = settings.gpu().allowed() && gpus.obstacle().isEmpty();
        var devices = lent ? Gpus.files(gpus.chosen(settings.gpu().number()), Gpus.DEVICES) : List.<Path>of();
        if (lent) {
            // CUDA counts those that it sees from 0: in the sandbox that is the one whose file is there; elsewhere all,
            // in
            // the order of their files
            environment.put("CUDA_DEVICE_ORDER", "PCI_BUS_ID");
            environment.put(
                    "CUDA_VISIBLE_DEVICES",
                    sandboxed ? "0" : String.valueOf(gpus.chosen(settings.gpu().number())));
        }
        var cache = cache();
        var java = javaCommand(settings, main, folder, classPath, cache.map(file -> "-XX:AOTCache=" + file), sandboxed);
        var filter = sandboxed ? SystemCallFilter.forThisMachine() : Optional.<byte[]>empty();
        var filterFile = folder.root().resolve("calls.bpf");
        if (filter.isPresent()) {
            AtomicFiles.writeOwnerOnly(filterFile, filter.get());
        }
        var command = sandboxed
                ? sandboxed(folder, dataset, classPath, cache, natives, devices, filter.isPresent())
                        .command(folder.work(), environment, java)
                : java;
        var builder = new ProcessBuilder(
                        limited(settings.limits(), filter.isPresent() ? filterFile : null, group, command))
                .directory(folder.work().toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        var process = builder.start();
        AtomicFiles.writeOwnerOnly(
                folder.root().resolve(PID_FILE),
                OwnedFolders.identity(process.toHandle()).getBytes(StandardCharsets.US_ASCII));
        return process;
    }

    static Map<String, String> environment(WorkerSettings settings) {
        var environment = new TreeMap<>(WorkerMain.ENVIRONMENT);
        environment.put("OMP_NUM_THREADS", String.valueOf(settings.limits().threads()));
        for (var name : LOCALE) {
            var value = System.getenv(name);
            if (value != null) {
                environment.put(name, value);
            }
        }
        // without one, Java cannot open a file whose name has other letters than ASCII's
        environment.putIfAbsent("LANG", "C.UTF-8");
        return environment;
    }

    private static Bubblewrap sandboxed(
            WorkerFolder folder,
            Path dataset,
            List<Path> classPath,
            Optional<Path> cache,
            List<Path> natives,
            List<Path> devices,
            boolean filtered)
            throws IOException {
        var sandbox = Bubblewrap.open().jdk(Path.of(System.getProperty("java.home")));
        classPath.forEach(sandbox::readable);
        cache.ifPresent(sandbox::readable);
        // the driver finds its library beside its archive
        classPath.stream()
                .filter(DuckDbLibrary::isDuckDb)
                .forEach(entry -> sandbox.readable(entry.resolveSibling(".").normalize()));
        sandbox.readable(dataset)
                .readable(folder.in())
                .writable(folder.work())
                .writable(folder.tables())
                .writable(folder.natives());
        natives.forEach(library -> sandbox.readable(library, folder.natives().resolve(library.getFileName())));
        devices.forEach(sandbox::device);
        return filtered ? sandbox.filtered() : sandbox;
    }

    /**
     * A shell sets what only a process can set for itself: its control group, no core file (it would hold data), the
     * largest file, the number of open ones. POSIX counts file sizes in blocks of 512 bytes.
     */
    private static List<String> limited(
            WorkerLimits limits, @Nullable Path filter, @Nullable Path group, List<String> command) {
        if (!Files.isExecutable(Path.of(SHELL))) {
            return command;
        }
        // 0 is the process that writes; without its group it does not start
        var script = (group == null ? "" : "echo 0 > '" + group.resolve("cgroup.procs") + "' || exit 1; ")
                + "ulimit -c 0; ulimit -f " + Math.max(limits.fileBytes(), limits.tableBytes()) / FILE_BLOCK_BYTES
                + "; ulimit -n " + OPEN_FILES
                + "; exec \"$@\""
                + (filter == null ? "" : " " + Bubblewrap.FILTER_DESCRIPTOR + "<\"$0\"");
        var limited = new ArrayList<>(List.of(SHELL, "-c", script, filter == null ? "worker" : filter.toString()));
        limited.addAll(command);
        return limited;
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    static String joined(List<Path> classPath) {
        return classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    /** @param cache the option that names the cache, to be read or to be written */
    static List<String> javaCommand(
            WorkerSettings settings,
            Class<?> main,
            WorkerFolder folder,
            List<Path> classPath,
            Optional<String> cache,
            boolean sandboxed) {
        var limits = settings.limits();
        var command = new ArrayList<String>();
        command.add(java());
        // what the JVM has to say must not come between the answers; a cache that does not fit is not used, and that is
        // all
        command.addAll(
                List.of("-Xlog:disable", "-Xlog:all=warning:stderr", "-Xlog:aot*=off:stderr", "-Xlog:cds*=off:stderr"));
        cache.ifPresent(command::add);
        command.add("-Xmx" + limits.heapBytes());
        // by itself a JVM begins with a part of the machine's memory, and fills it with garbage before it looks
        command.add("-Xms" + Math.min(FIRST_HEAP_BYTES, limits.heapBytes()));
        command.add("-XX:NewSize=" + Math.min(FIRST_HEAP_BYTES, limits.heapBytes()) / 2);
        // by itself a JVM allows as much outside the heap as in it; a model lies there, and the process's memory is
        // watched
        command.add("-XX:MaxDirectMemorySize=" + limits.memoryBytes());
        command.add("-XX:+UseSerialGC");
        command.add("-XX:+UseCompactObjectHeaders");
        // the archive of classes stays where it was made, as the node's: its pages are the file's (docs/decisions/0032)
        command.add("-XX:+UnlockDiagnosticVMOptions");
        command.add("-XX:ArchiveRelocationMode=0");
        command.add("-XX:-UsePerfData");
        command.add("-XX:+DisableAttachMechanism");
        command.add("-XX:-CreateCoredumpOnCrash"); // a core would hold the data
        command.add("-XX:ErrorFile=" + folder.work().resolve(CRASH_LOG));
        command.add("--enable-native-access=ALL-UNNAMED");
        // in a process namespace of its own the first process is bubblewrap's
        command.add("-D" + WorkerMain.PARENT_PROPERTY + "="
                + (sandboxed ? 1 : ProcessHandle.current().pid()));
        command.add("-D" + WorkerMain.TABLES_PROPERTY + "=" + folder.tables());
        command.add("-D" + WorkerMain.TABLES_BYTES_PROPERTY + "=" + limits.tableBytes());
        if (!settings.checksBytecode()) {
            command.add("-D" + WorkerMain.UNCHECKED_PROPERTY + "=true");
        }
        command.add("-Djava.awt.headless=true");
        command.add("-Djava.io.tmpdir=" + folder.work());
        command.add("-Duser.home=" + folder.work());
        command.add("-Dorg.bytedeco.javacpp.cachedir=" + (sandboxed ? folder.natives() : settings.cache()));
        // JavaCPP refuses an allocation beyond these as an OutOfMemoryError, which explains itself better than a kill
        command.add("-Dorg.bytedeco.javacpp.maxBytes=" + limits.memoryBytes());
        command.add("-Dorg.bytedeco.javacpp.maxPhysicalBytes=" + limits.memoryBytes());
        command.add("-cp");
        command.add(joined(classPath));
        command.add(main.getName());
        return command;
    }

    /** The process and all that descend from it; returns at once. */
    static void kill(Process process) {
        family(process).forEach(ProcessHandle::destroyForcibly);
    }

    static List<ProcessHandle> family(Process process) {
        return Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
    }

    /** Ends the workers whose folders a killed node has left in {@code work}. */
    static void killLeftOvers(Path work) throws IOException {
        if (!Files.isDirectory(work)) {
            return;
        }
        try (var folders = Files.list(work)) {
            for (var folder : folders.toList()) {
                OwnedFolders.owner(folder.resolve(PID_FILE)).ifPresent(ProcessHandle::destroyForcibly);
            }
        }
    }
}
