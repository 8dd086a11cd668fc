package fedbiomed.simulation;

import fedbiomed.node.state.NodeDatabase;
import fedbiomed.protocol.home.AtomicFiles;
import fedbiomed.protocol.home.Durability;
import fedbiomed.protocol.identity.Identity;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PartyId;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The folder of a simulation: {@code nodes/NAME/}, {@code researcher/}, {@code data/}, {@code shared/}, {@code work/}. */
final class SimulationFolder {
    private final Path root;

    private SimulationFolder(Path root) {
        this.root = root;
    }

    /**
     * Makes what is missing, and removes what a killed program has left of its jobs and on its way: nobody remembers it.
     */
    static SimulationFolder prepared(Path root) throws IOException {
        var folder = new SimulationFolder(root);
        remove(folder.work());
        remove(folder.shared());
        remove(folder.template());
        for (var part :
                List.of(folder.homes(), folder.researcher(), folder.shared(), folder.work(), folder.template())) {
            AtomicFiles.createOwnerOnlyFolder(part);
        }
        // made once: a thousand schemas take longer than a thousand copies
        NodeDatabase.open(folder.template(), Durability.PROCESS).close();
        return folder;
    }

    /** @throws FedbiomedException {@code BUSY} if another program, or another part of this one, has it open */
    static AutoCloseable lock(Path root) throws IOException {
        AtomicFiles.createOwnerOnlyFolder(root);
        var channel =
                FileChannel.open(root.resolve("simulation.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException _) {
            // held within this process
        }
        channel.close();
        throw new FedbiomedException(
                ErrorCode.BUSY,
                "the simulation in " + root + " is open already; close that one first, or take another folder");
    }

    private Path homes() {
        return root.resolve("nodes");
    }

    Path researcher() {
        return root.resolve("researcher");
    }

    /** Models on their way. */
    Path shared() {
        return root.resolve("shared");
    }

    /** The jobs' folders. */
    Path work() {
        return root.resolve("work");
    }

    /** The nodes' parts of a dataset that was split. */
    Path data() {
        return root.resolve("data");
    }

    private Path template() {
        return root.resolve("template");
    }

    /** The keys of everybody here. The researcher's are in the nodes' states, so they are kept. */
    Identity identity(PartyId researcher) {
        var home = researcher();
        return (Files.exists(home.resolve(Identity.FILE)) ? Identity.load(home) : Identity.create(researcher, home))
                .named(researcher);
    }

    /** Those that there are, in order. */
    List<PartyId> nodes() throws IOException {
        try (var homes = Files.list(homes())) {
            return homes.filter(home -> Files.exists(home.resolve(NodeDatabase.FILE)))
                    .map(home -> PartyId.of(home.getFileName().toString()))
                    .sorted()
                    .toList();
        }
    }

    /** The node's home, with an empty state where there is none. */
    Path home(PartyId node) throws IOException {
        var home = homes().resolve(node.value());
        AtomicFiles.createOwnerOnlyFolder(home);
        var state = home.resolve(NodeDatabase.FILE);
        if (!Files.exists(state)) {
            var aside = home.resolve("." + NodeDatabase.FILE);
            Files.copy(
                    template().resolve(NodeDatabase.FILE),
                    aside,
                    StandardCopyOption.COPY_ATTRIBUTES,
                    StandardCopyOption.REPLACE_EXISTING);
            Files.move(aside, state, StandardCopyOption.ATOMIC_MOVE);
        }
        return home;
    }

    /** Removes what is in a folder, and leaves it. */
    static void empty(Path folder) throws IOException {
        try (var contents = Files.newDirectoryStream(folder)) {
            for (var content : contents) {
                if (!Files.isDirectory(content, LinkOption.NOFOLLOW_LINKS)) {
                    Files.delete(content);
                } else {
                    remove(content);
                }
            }
        }
    }

    private static void remove(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e) throws IOException {
                if (e != null) {
                    throw e;
                }
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
