package fedbiomed.training.worker;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What a worker may load: of the parent's class path, {@code training} and its floor. What is not here (the protocol,
 * the node) a plan cannot reach.
 */
public final class WorkerClassPath {
    /** Each must be found, as a jar of that name (any version) ... */
    private static final List<Pattern> LIBRARIES = patterns(
            "jackson-annotations", "jackson-core", "jackson-databind", "fastcsv", "javacpp", "openblas", "pytorch");

    /** ... and these are taken where they are there. */
    private static final List<Pattern> OPTIONAL = patterns("jspecify", "duckdb_jdbc");

    /** Our own modules, by a class by which a folder of compiled classes is known. */
    private static final Map<String, String> MODULES = new TreeMap<>(Map.of(
            "vocabulary", "fedbiomed/vocabulary/Args.class",
            "parameters", "fedbiomed/parameters/Parameters.class",
            "data", "fedbiomed/data/Split.class",
            "training", "fedbiomed/training/TrainingPlan.class"));

    private WorkerClassPath() {}

    /**
     * @param classPath the parent's, e.g. {@code System.getProperty("java.class.path")}
     * @return absolute paths, in the parent's order
     * @throws FedbiomedException {@code INTERNAL} naming what is missing
     */
    public static List<Path> of(String classPath) {
        var entries = Arrays.stream(classPath.split(Pattern.quote(File.pathSeparator)))
                .filter(entry -> !entry.isEmpty())
                .map(entry -> Path.of(entry).toAbsolutePath().normalize())
                .filter(Files::exists)
                .toList();
        var missing = new ArrayList<String>();
        MODULES.keySet().stream()
                .filter(module -> entries.stream().noneMatch(entry -> isModule(entry, module)))
                .forEach(module -> missing.add("fedbiomed-" + module));
        LIBRARIES.stream()
                .filter(library -> entries.stream().noneMatch(entry -> isJar(entry, library)))
                .forEach(library -> missing.add(library.pattern()));
        if (!missing.isEmpty()) {
            throw new FedbiomedException(
                    ErrorCode.INTERNAL,
                    "the class path lacks what a worker needs: " + missing
                            + "; start from the installed archive or from a complete build, each module and library as"
                            + " an entry of its own");
        }
        return entries.stream().filter(WorkerClassPath::needed).toList();
    }

    private static boolean needed(Path entry) {
        return MODULES.keySet().stream().anyMatch(module -> isModule(entry, module))
                || LIBRARIES.stream().anyMatch(library -> isJar(entry, library))
                || OPTIONAL.stream().anyMatch(library -> isJar(entry, library));
    }

    private static boolean isModule(Path entry, String module) {
        return Files.isDirectory(entry)
                ? Files.isRegularFile(entry.resolve(String.valueOf(MODULES.get(module))))
                : isJar(entry, pattern("fedbiomed-" + module))
                        && !entry.toString().endsWith("-tests.jar");
    }

    private static boolean isJar(Path entry, Pattern name) {
        return Files.isRegularFile(entry)
                && name.matcher(String.valueOf(entry.getFileName())).matches();
    }

    private static List<Pattern> patterns(String... names) {
        return Arrays.stream(names).map(WorkerClassPath::pattern).toList();
    }

    private static Pattern pattern(String name) {
        return Pattern.compile(Pattern.quote(name) + "-[0-9].*\\.jar");
    }
}
