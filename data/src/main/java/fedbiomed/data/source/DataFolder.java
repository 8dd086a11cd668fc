package fedbiomed.data.source;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Sha256;
import fedbiomed.vocabulary.Text;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The files of a dataset that is a folder, in the order of their relative names. Hidden files, and those that file
 * managers leave behind, do not count. Links are refused: a plan's sandbox has nothing but the folder, and a link may
 * lead out of it or in a circle.
 *
 * @param files relative to {@code root}, with {@code /} between names whatever the system
 */
public record DataFolder(Path root, List<String> files) {
    /** More files than these are a mistake, say a whole disk. */
    public static final int MAX_FILES = 2_000_000;

    private static final int MAX_DEPTH = 32;

    public DataFolder {
        files = List.copyOf(files);
    }

    /** @throws FedbiomedException DATA_UNFIT for a link, too many files or folders that may not be read; DATASET_CHANGED */
    public static DataFolder of(Path root) {
        var files = new ArrayList<String>();
        try {
            Files.walkFileTree(root, new Visitor(root, files));
        } catch (IOException e) {
            if (!Files.exists(root)) {
                throw new FedbiomedException(
                        ErrorCode.DATASET_CHANGED,
                        name(root)
                                + ": there is no such folder; restore it, or register the dataset again where it is now");
            }
            throw unfit(
                    name(root) + ": reading the folder failed (" + e.getClass().getSimpleName()
                            + "); give the account that runs the node the right to read it and all in it");
        }
        files.sort(Comparator.naturalOrder());
        return new DataFolder(root, files);
    }

    private static final class Visitor extends SimpleFileVisitor<Path> {
        private final Path root;
        private final List<String> files;

        Visitor(Path root, List<String> files) {
            this.root = root;
            this.files = files;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            if (isHidden(folder) && !folder.equals(root)) {
                return FileVisitResult.SKIP_SUBTREE;
            }
            if (folder.getNameCount() - root.getNameCount() > MAX_DEPTH) {
                throw unfit(relative(folder) + ": the folder lies more than " + MAX_DEPTH + " folders deep");
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (isHidden(file)) {
                return FileVisitResult.CONTINUE;
            }
            if (!attributes.isRegularFile()) {
                throw unfit(relative(file)
                        + (attributes.isSymbolicLink()
                                ? " is a link; put the file itself into the folder, since a plan can read nothing outside"
                                : " is no file that can be read; remove it from the folder"));
            }
            if (files.size() == MAX_FILES) {
                throw unfit(name(root) + ": the folder holds more than " + MAX_FILES + " files; is it the right one?");
            }
            files.add(root.relativize(file).toString().replace(File.separatorChar, '/'));
            return FileVisitResult.CONTINUE;
        }

        private String relative(Path path) {
            return Text.shown(root.relativize(path).toString());
        }
    }

    private static boolean isHidden(Path path) {
        var name = String.valueOf(path.getFileName());
        return name.startsWith(".") || name.equals("Thumbs.db") || name.equals("desktop.ini");
    }

    public Path path(String file) {
        return root.resolve(file);
    }

    /**
     * The file that a setting names, or else the only one that may be meant; {@code null} where there is none.
     *
     * @param candidate whether a file may be meant where the setting is absent
     * @param what these are, e.g. {@code CSV files}
     * @throws FedbiomedException DATA_UNFIT if the folder lacks the file that is named, or several may be meant
     */
    public @Nullable String file(
            String setting, Map<String, String> settings, Predicate<String> candidate, String what) {
        var named = settings.get(setting);
        if (named != null) {
            if (!files.contains(named)) {
                throw unfit("there is no file '" + Text.shown(named) + "' in the folder, which the setting '" + setting
                        + "' names; give its path within the folder");
            }
            return named;
        }
        var found = files.stream().filter(candidate).toList();
        if (found.size() > 1) {
            throw unfit("the folder holds " + found.size() + " " + what
                    + "; name the one that is meant with the setting '" + setting + "'");
        }
        return found.isEmpty() ? null : found.getFirst();
    }

    /**
     * Changes when a file is added, removed, renamed or written, without reading one: SHA-256 over names, lengths and
     * times of change.
     */
    public String state() throws IOException {
        var digest = Sha256.digest();
        for (var file : files) {
            var attributes = Files.readAttributes(path(file), BasicFileAttributes.class);
            var line = file + "\0" + attributes.size() + "\0"
                    + attributes.lastModifiedTime().toInstant() + "\n";
            digest.update(line.getBytes(StandardCharsets.UTF_8));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /**
     * SHA-256 over names and contents of some of the files, and over how they are read.
     *
     * @throws FedbiomedException DATA_UNFIT naming the file that cannot be read
     */
    public static String fingerprint(Path root, List<String> files, Map<String, String> settings) {
        var digest = Sha256.digest();
        settings.forEach(
                (name, value) -> digest.update((name + "\0" + value + "\0\0").getBytes(StandardCharsets.UTF_8)));
        for (var file : files) {
            try {
                digest.update((file + "\0" + Sha256.of(root.resolve(file)) + "\n").getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw unreadable(file, e);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    public static FedbiomedException unreadable(String file, IOException e) {
        return new FedbiomedException(
                ErrorCode.DATA_UNFIT,
                Text.shown(file) + ": reading it failed (" + e.getClass().getSimpleName()
                        + "); check that the account that runs the node may read it, and the disk it lies on",
                e);
    }

    private static String name(Path path) {
        return Text.shown(String.valueOf(path.getFileName()));
    }

    private static FedbiomedException unfit(String what) {
        return new FedbiomedException(ErrorCode.DATA_UNFIT, what);
    }
}
