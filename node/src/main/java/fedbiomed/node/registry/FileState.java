package fedbiomed.node.registry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** What tells cheaply that a file may have changed: length in bytes and time of its last change, as one text. */
public record FileState(String value) {
    public static FileState of(Path file) throws IOException {
        var attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return new FileState(
                attributes.size() + " " + attributes.lastModifiedTime().toInstant());
    }
}
