package fedbiomed.node.registry;

import fedbiomed.data.source.DataFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * What tells cheaply that a file may have changed: length in bytes and time of its last change, as one text; of a folder
 * those of all files in it, hashed.
 */
public record FileState(String value) {
    public static FileState of(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            var folder = DataFolder.of(path);
            return new FileState(folder.files().size() + " files " + folder.state());
        }
        var attributes = Files.readAttributes(path, BasicFileAttributes.class);
        return new FileState(
                attributes.size() + " " + attributes.lastModifiedTime().toInstant());
    }
}
