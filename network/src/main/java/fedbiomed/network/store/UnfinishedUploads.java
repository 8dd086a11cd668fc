package fedbiomed.network.store;

import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The part files of uploads that are not finished: {@code store/uploads/SENDER/HASH.TOTAL.part}. Their declared totals
 * count against the quotas, so that what was accepted fits. Not safe for threads: {@link FolderStore} locks; a part has
 * a lock of its own for its bytes.
 */
final class UnfinishedUploads {
    /**
     * One upload: whose, of what, how large it will be, and who writes to it now. Who holds the part's lock does not ask
     * for the store's.
     */
    static final class Part {
        final PartyId sender;
        final String hash;
        final long total;
        final Path file;
        private final ReentrantLock lock = new ReentrantLock();
        private volatile @Nullable Object writer;

        private Part(PartyId sender, String hash, long total, Path file) {
            this.sender = sender;
            this.hash = hash;
            this.total = total;
            this.file = file;
        }

        /** Bytes held. */
        long held() throws IOException {
            return Files.exists(file) ? Files.size(file) : 0;
        }

        /** Makes {@code next} the one that may write; a write of the one before ends first. */
        void writtenBy(@Nullable Object next) {
            lock.lock();
            try {
                writer = next;
            } finally {
                lock.unlock();
            }
        }

        boolean isWrittenBy(Object asking) {
            return writer == asking;
        }

        /** @return false, and nothing was written, if another writes by now */
        boolean append(Object asking, FileChannel channel, ByteBuffer bytes) throws IOException {
            lock.lock();
            try {
                if (writer != asking) {
                    return false;
                }
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                return true;
            } finally {
                lock.unlock();
            }
        }
    }

    private record Key(PartyId sender, String hash) {}

    private final Path folder;
    private final Map<Key, Part> parts = new HashMap<>();

    /** Takes up what an earlier process left. */
    UnfinishedUploads(Path folder) throws IOException {
        this.folder = folder;
        Files.createDirectories(folder);
        try (var senders = Files.list(folder)) {
            for (var sender : senders.toList()) {
                try (var files = Files.list(sender)) {
                    for (var file : files.toList()) {
                        takeUp(sender, file);
                    }
                }
            }
        }
    }

    private void takeUp(Path sender, Path file) throws IOException {
        var name = file.getFileName().toString().split("\\.");
        if (name.length == 3 && Sha256.isHash(name[0]) && name[1].matches("[0-9]{1,18}") && name[2].equals("part")) {
            var party = PartyId.of(sender.getFileName().toString());
            parts.put(new Key(party, name[0]), new Part(party, name[0], Long.parseLong(name[1]), file));
        } else {
            Files.delete(file);
        }
    }

    @Nullable
    Part find(PartyId sender, String hash) {
        return parts.get(new Key(sender, hash));
    }

    Part begin(PartyId sender, String hash, long total) throws IOException {
        var own = Files.createDirectories(folder.resolve(sender.value()));
        var part = new Part(sender, hash, total, own.resolve(hash + "." + total + ".part"));
        parts.put(new Key(sender, hash), part);
        return part;
    }

    void remove(Part part) throws IOException {
        parts.remove(new Key(part.sender, part.hash), part);
        part.writtenBy(null);
        Files.deleteIfExists(part.file);
    }

    OptionalLong held(PartyId sender, String hash) throws IOException {
        var part = find(sender, hash);
        return part == null ? OptionalLong.empty() : OptionalLong.of(part.held());
    }

    long reserved() {
        return parts.values().stream().mapToLong(part -> part.total).sum();
    }

    /** What uploads have still to write, in bytes. */
    long outstanding() throws IOException {
        long bytes = 0;
        for (var part : parts.values()) {
            bytes += part.total - part.held();
        }
        return bytes;
    }

    long reservedBy(PartyId sender) {
        return parts.values().stream()
                .filter(part -> part.sender.equals(sender))
                .mapToLong(part -> part.total)
                .sum();
    }

    int count() {
        return parts.size();
    }

    /** Those that nobody writes to, last written before {@code limit}. */
    List<Part> idleSince(Instant limit) throws IOException {
        var idle = new ArrayList<Part>();
        for (var part : parts.values()) {
            if (part.writer == null
                    && (!Files.exists(part.file)
                            || Files.getLastModifiedTime(part.file).toInstant().isBefore(limit))) {
                idle.add(part);
            }
        }
        return idle;
    }
}
