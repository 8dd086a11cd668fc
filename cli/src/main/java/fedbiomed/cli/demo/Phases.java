package fedbiomed.cli.demo;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/** Says what is being done, and how long it took. */
final class Phases {
    private final PrintWriter out;
    private final SequencedMap<String, Double> seconds = new LinkedHashMap<>();

    Phases(PrintWriter out) {
        this.out = out;
    }

    <T> T time(String what, String name, Callable<T> phase) throws Exception {
        out.println(what + " ...");
        out.flush();
        long start = System.nanoTime();
        var result = phase.call();
        seconds.merge(name, Math.round((System.nanoTime() - start) / 1e7) / 100.0, Double::sum);
        return result;
    }

    SequencedMap<String, Double> seconds() {
        return new LinkedHashMap<>(seconds);
    }

    double total() {
        return Math.round(seconds.values().stream()
                                .mapToDouble(Double::doubleValue)
                                .sum()
                        * 100)
                / 100.0;
    }

    /** e.g. {@code network 2.1 s, enrol 1.4 s, ...: 20.3 s in all}. */
    String summary() {
        return seconds.entrySet().stream()
                        .map(phase -> String.format(Locale.ROOT, "%s %.1f s", phase.getKey(), phase.getValue()))
                        .collect(Collectors.joining(", "))
                + String.format(Locale.ROOT, ": %.1f s in all", total());
    }
}
