package fedbiomed.data.signal.wfdb;

import java.nio.file.Path;

/** Reads a file of annotations to its end, for the fuzzer. */
public final class FuzzedAnnotations {
    private FuzzedAnnotations() {}

    public static void read(Path file) {
        MitAnnotations.read(file, 360, 10);
    }
}
