package fedbiomed.node.round;

import fedbiomed.protocol.home.AtomicFiles;
import fedbiomed.training.worker.WorkerClassPath;
import fedbiomed.training.worker.WorkerMain;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** How a worker's JVM is started, measured, and found again after this node was killed. */
final class WorkerProcess {
    static final String WORKER_PREFIX = "worker-";
    private static final String PID_FILE = "pid";
    private static final int MAX_PID_FILE_BYTES = 64;
    private static final List<String> INHERITED = List.of("PATH", "LANG", "LC_ALL");

    private WorkerProcess() {}

    /** @param folder the worker's own, which becomes its working folder and holds its temporary files */
    static Process start(WorkerSettings settings, Path folder) throws IOException {
        var builder = new ProcessBuilder(command(settings, folder)).directory(folder.toFile());
        var environment = builder.environment();
        var inherited = Map.copyOf(environment);
        environment.clear();
        INHERITED.stream().filter(inherited::containsKey).forEach(name -> environment.put(name, inherited.get(name)));
        // active spinning takes the CPU from other threads: a training fell from 70k to 2k samples/s
        environment.put("OMP_WAIT_POLICY", "PASSIVE");
        environment.put("OMP_NUM_THREADS", String.valueOf(settings.threads()));
        var process = builder.start();
        var started = process.info().startInstant().map(Object::toString).orElse("");
        AtomicFiles.writeOwnerOnly(
                folder.resolve(PID_FILE), (process.pid() + " " + started).getBytes(StandardCharsets.US_ASCII));
        return process;
    }

    private static List<String> command(WorkerSettings settings, Path folder) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx" + settings.heapBytes());
        command.add("-XX:+UseSerialGC");
        command.add("-Xshare:auto");
        command.add("-XX:-UsePerfData");
        command.add("-XX:+DisableAttachMechanism");
        command.add("-XX:-CreateCoredumpOnCrash"); // a core would hold the data
        command.add("-XX:ErrorFile=" + folder.resolve("crash.log"));
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("-D" + WorkerMain.PARENT_PROPERTY + "="
                + ProcessHandle.current().pid());
        command.add("-Djava.awt.headless=true");
        command.add("-Djava.io.tmpdir=" + folder);
        command.add("-Dorg.bytedeco.javacpp.cachedir=" + settings.cache());
        // JavaCPP refuses an allocation beyond these as an OutOfMemoryError, which explains itself better than a kill
        command.add("-Dorg.bytedeco.javacpp.maxBytes=" + settings.memoryBytes());
        command.add("-Dorg.bytedeco.javacpp.maxPhysicalBytes=" + settings.memoryBytes());
        command.add("-cp");
        command.add(WorkerClassPath.of(System.getProperty("java.class.path")).stream()
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator)));
        command.add(WorkerMain.class.getName());
        return command;
    }

    static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** Ends the workers whose folders a killed node has left in {@code work}. */
    static void killLeftOvers(Path work) throws IOException {
        if (!Files.isDirectory(work)) {
            return;
        }
        try (var folders = Files.list(work)) {
            for (var folder : folders.toList()) {
                var file = folder.resolve(PID_FILE);
                if (Files.isRegularFile(file)) {
                    killLeftOver(
                            new String(AtomicFiles.readBounded(file, MAX_PID_FILE_BYTES), StandardCharsets.US_ASCII));
                }
            }
        }
    }

    /** Only if the process started when ours did: the number may be another's by now. */
    private static void killLeftOver(String pidAndStart) {
        var parts = pidAndStart.split(" ");
        if (parts.length == 2 && parts[0].matches("[0-9]{1,10}")) {
            ProcessHandle.of(Long.parseLong(parts[0]))
                    .filter(process -> process.info()
                            .startInstant()
                            .map(Object::toString)
                            .orElse("?")
                            .equals(parts[1]))
                    .ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    /** Bytes of memory that the process holds at present (Linux: {@code VmRSS}); empty where that cannot be known. */
    static OptionalLong residentBytes(long pid) {
        try (var lines = Files.lines(Path.of("/proc", String.valueOf(pid), "status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .map(line -> line.replaceAll("[^0-9]", ""))
                    .filter(digits -> !digits.isEmpty())
                    .mapToLong(kibibytes -> Long.parseLong(kibibytes) << 10)
                    .findFirst();
        } catch (IOException | RuntimeException _) {
            return OptionalLong.empty();
        }
    }
}
