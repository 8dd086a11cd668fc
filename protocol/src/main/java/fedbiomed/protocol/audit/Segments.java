package fedbiomed.protocol.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The files of a log: {@code audit-000001.jsonl} and so on, which are full, and {@code audit.jsonl}, which grows. */
record Segments(Path home) {
    private static final Pattern NAME = Pattern.compile("audit-([0-9]{6,9})\\.jsonl");

    Path current() {
        return home.resolve(AuditLog.FILE);
    }

    Path numbered(int number) {
        return home.resolve("audit-%06d.jsonl".formatted(number));
    }

    /** Those that are full, by their numbers. */
    SortedMap<Integer, Path> full() throws IOException {
        var full = new TreeMap<Integer, Path>();
        try (var files = Files.newDirectoryStream(home, "audit-*.jsonl")) {
            for (var file : files) {
                var name = NAME.matcher(file.getFileName().toString());
                if (name.matches()) {
                    full.put(Integer.parseInt(name.group(1)), file);
                }
            }
        }
        return full;
    }

    /** What the file that grows will be called when it is full. */
    int next() throws IOException {
        var full = full();
        return full.isEmpty() ? 1 : full.lastKey() + 1;
    }
}
