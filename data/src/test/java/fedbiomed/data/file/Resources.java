package fedbiomed.data.file;

import static java.util.Objects.requireNonNull;

import java.net.URISyntaxException;
import java.nio.file.Path;

/** The files that lie beside the tests, under {@code src/test/resources/fedbiomed/data}. */
public final class Resources {
    private Resources() {}

    /** @param name such as {@code signal/100.hea} */
    public static Path file(String name) {
        try {
            return Path.of(requireNonNull(Resources.class.getResource("/fedbiomed/data/" + name), name)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
