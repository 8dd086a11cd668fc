package fedbiomed.data.image;

import java.nio.file.Path;

/** Reads an image to its end, for the fuzzer. */
public final class FuzzedImage {
    private FuzzedImage() {}

    public static void read(Path file) {
        ImageFile.read(file, "image");
    }
}
