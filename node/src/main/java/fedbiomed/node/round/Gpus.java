package fedbiomed.node.round;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a machine has for computing on NVIDIA's GPUs, looked at from outside: this process loads no PyTorch. Whether CUDA
 * starts is seen by the worker alone, which falls back to the CPU by itself.
 *
 * @param libraries whether PyTorch's libraries on the class path are those for CUDA
 * @param numbers of the GPUs that the driver shows
 */
record Gpus(boolean libraries, List<Integer> numbers) {
    static final Path DEVICES = Path.of("/dev");
    private static final Pattern DEVICE = Pattern.compile("nvidia([0-9]{1,3})");
    private static final List<String> CONTROLS = List.of("nvidiactl", "nvidia-uvm");
    private static final Pattern CUDA_JAR = Pattern.compile("pytorch-[0-9].*-gpu\\.jar");

    Gpus {
        numbers = List.copyOf(numbers);
    }

    /** @param devices {@link #DEVICES} */
    static Gpus of(List<Path> classPath, Path devices) {
        boolean libraries = classPath.stream()
                .anyMatch(entry ->
                        CUDA_JAR.matcher(String.valueOf(entry.getFileName())).matches());
        var numbers = new TreeSet<Integer>();
        try (var files = Files.list(devices)) {
            files.map(file -> DEVICE.matcher(String.valueOf(file.getFileName())))
                    .filter(name -> name.matches())
                    .forEach(name -> numbers.add(Integer.parseInt(name.group(1))));
        } catch (IOException _) {
            // a machine without the folder has no GPU
        }
        return new Gpus(libraries, new ArrayList<>(numbers));
    }

    /** Why none can be used; empty if one can. */
    String obstacle() {
        if (!libraries) {
            return "PyTorch's libraries for CUDA are not installed (only those for the CPU are)";
        }
        return numbers.isEmpty() ? "the machine shows no NVIDIA GPU (no /dev/nvidia0)" : "";
    }

    /** That of this number, or else the first. */
    int chosen(@Nullable Integer number) {
        return number != null && numbers.contains(number) ? number : numbers.getFirst();
    }

    /** What a worker must reach to compute on that one. */
    static List<Path> files(int number, Path devices) {
        var files = new ArrayList<Path>();
        files.add(devices.resolve("nvidia" + number));
        CONTROLS.forEach(control -> files.add(devices.resolve(control)));
        return files.stream().filter(Files::exists).toList();
    }
}
