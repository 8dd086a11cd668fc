package fedbiomed.network.store;

import fedbiomed.protocol.home.AtomicFiles;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/**
 * Entries as files: {@code store/entries/ab/ab12...}. An upload is written to a part file, fsynced, checked, renamed
 * into place and only then entered in the index: a crash leaves an unfinished upload to resume, or a file without an
 * index entry, which the next start removes.
 *
 * <p>Uploads go on side by side: their bytes are written, fsynced and hashed without the store's lock, which is for what
 * they share: who uploads what, the quotas, and that an entry's file and its index entry come and go together.
 */
public final class FolderStore implements EntryStore {
    /** How often the free space is looked at during an upload. */
    private static final long SPACE_CHECK_BYTES = 8L << 20;

    private final Path folder;
    private final Limits limits;
    private final Clock clock;
    private final StoreIndex index;
    private final UnfinishedUploads unfinished;
    private final Room room;
    private final ReentrantLock lock = new ReentrantLock();

    /** Quotas in bytes; {@code reserveBytes} is what is left free on the disk. */
    public record Limits(
            long entryBytes,
            long partyBytes,
            long totalBytes,
            long reserveBytes,
            Duration timeToLive,
            Duration unfinishedTimeToLive) {}

    public FolderStore(Path folder, Limits limits, Clock clock) throws IOException {
        this.folder = folder;
        this.limits = limits;
        this.clock = clock;
        Files.createDirectories(folder.resolve("entries"));
        this.index = new StoreIndex(folder);
        this.unfinished = new UnfinishedUploads(folder.resolve("uploads"));
        this.room = new Room(folder, limits, index, unfinished);
        reconcile();
    }

    /** Makes files and index agree after a crash. */
    private void reconcile() throws IOException {
        var indexed = index.hashes();
        try (var files = Files.walk(folder.resolve("entries"), 2)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                if (!indexed.remove(file.getFileName().toString())) {
                    Files.delete(file);
                }
            }
        }
        indexed.forEach(index::forget);
    }

    @Override
    public Upload upload(PartyId sender, String hash, Set<PartyId> recipients, long offset, long total)
            throws IOException {
        lock.lock();
        try {
            var part = unfinished.find(sender, hash);
            if (part != null && (part.total != total || offset == 0)) {
                unfinished.remove(part);
                part = null;
            }
            if (part == null) {
                requireOffset(0, offset);
                room.require(sender, total);
                part = unfinished.begin(sender, hash, total);
            }
            return take(part, offset, recipients);
        } catch (IOException e) {
            if (FullDisk.caused(e)) {
                throw FullDisk.refusal();
            }
            throw e;
        } finally {
            lock.unlock();
        }
    }

    /** An upload whose connection hangs gives way to the one that resumes it. */
    private FileUpload take(UnfinishedUploads.Part part, long offset, Set<PartyId> recipients) throws IOException {
        FileUpload upload;
        try {
            upload = new FileUpload(part, recipients);
        } catch (IOException e) {
            if (offset == 0) {
                unfinished.remove(part);
            }
            throw e;
        }
        try {
            requireOffset(upload.held, offset);
            part.writtenBy(upload);
            // the one before may have written since
            requireOffset(part.held(), offset);
            return upload;
        } catch (StoreRefusal refusal) {
            upload.close();
            throw refusal;
        }
    }

    private static void requireOffset(long held, long offset) {
        if (offset != held) {
            throw new StoreRefusal(
                    StoreRefusal.Reason.WRONG_OFFSET,
                    "the upload goes on at byte " + held + ", not at " + offset,
                    "ask with HEAD for Upload-Offset and go on there");
        }
    }

    /** One connection's part in an upload. */
    private final class FileUpload implements Upload {
        private final UnfinishedUploads.Part part;
        private final Set<PartyId> recipients;
        private final FileChannel channel;
        /** Null where bytes of an earlier connection stand before ours: then the file is read again at the end. */
        private final @Nullable MessageDigest digest;

        private long held;
        private long sinceSpaceCheck;

        FileUpload(UnfinishedUploads.Part part, Set<PartyId> recipients) throws IOException {
            this.part = part;
            this.recipients = recipients;
            this.channel = FileChannel.open(
                    part.file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
            this.held = channel.size();
            this.digest = held == 0 ? Sha256.digest() : null;
        }

        @Override
        public long held() {
            return held;
        }

        @Override
        public void write(byte[] buffer, int offset, int length) throws IOException {
            if (length > part.total - held) {
                throw StoreRefusal.badRequest("more bytes than the " + part.total + " that were announced");
            }
            try {
                sinceSpaceCheck += length;
                if (sinceSpaceCheck >= SPACE_CHECK_BYTES) {
                    sinceSpaceCheck = 0;
                    room.requireSpace(0);
                }
                if (!part.append(this, channel, ByteBuffer.wrap(buffer, offset, length))) {
                    throw taken();
                }
            } catch (StoreRefusal refusal) {
                throw refusal.reason() == StoreRefusal.Reason.DISK_FULL ? discarded(refusal) : refusal;
            } catch (IOException e) {
                if (FullDisk.caused(e)) {
                    throw discarded(FullDisk.refusal());
                }
                throw e;
            }
            if (digest != null) {
                digest.update(buffer, offset, length);
            }
            held += length;
        }

        /** What is held of an upload that cannot end makes room for others. */
        private StoreRefusal discarded(StoreRefusal why) throws IOException {
            lock.lock();
            try {
                if (part.isWrittenBy(this)) {
                    unfinished.remove(part);
                }
                return why;
            } finally {
                lock.unlock();
            }
        }

        private StoreRefusal taken() {
            return new StoreRefusal(
                    StoreRefusal.Reason.WRONG_OFFSET,
                    "another connection has taken this upload over, or it was deleted",
                    "ask with HEAD what is held");
        }

        @Override
        public void finish() throws IOException {
            if (held != part.total) {
                throw new IllegalStateException("finished at " + held + " of " + part.total);
            }
            try {
                channel.force(true);
                var found = digest != null ? Sha256.hex(digest.digest()) : Sha256.of(part.file);
                if (!found.equals(part.hash)) {
                    throw discarded(new StoreRefusal(
                            StoreRefusal.Reason.WRONG_HASH,
                            "the bytes have the SHA-256 " + found + ", not " + part.hash + "; nothing was kept",
                            "upload again from the beginning"));
                }
                lock.lock();
                try {
                    if (!part.isWrittenBy(this)) {
                        throw taken();
                    }
                    keep();
                } finally {
                    lock.unlock();
                }
            } catch (NoSuchFileException e) {
                throw taken();
            } catch (IOException | JdbiException e) {
                if (FullDisk.caused(e)) {
                    throw discarded(FullDisk.refusal());
                }
                throw e;
            }
        }

        private void keep() throws IOException {
            var target = file(part.hash);
            try {
                if (!Files.exists(target)) {
                    var shelf = Files.createDirectories(shelf(part.hash));
                    Files.move(part.file, target, StandardCopyOption.ATOMIC_MOVE);
                    AtomicFiles.syncFolder(shelf);
                    AtomicFiles.syncFolder(folder.resolve("entries"));
                }
                index.add(
                        part.hash,
                        part.total,
                        part.sender,
                        recipients,
                        clock.instant().plus(limits.timeToLive()));
            } catch (IOException | JdbiException e) {
                if (!index.has(part.hash)) {
                    Files.deleteIfExists(target);
                }
                throw e;
            }
            unfinished.remove(part);
        }

        @Override
        public void close() throws IOException {
            channel.close();
            lock.lock();
            try {
                if (part.isWrittenBy(this)) {
                    part.writtenBy(null);
                }
            } finally {
                lock.unlock();
            }
        }
    }

    @Override
    public OptionalLong unfinished(PartyId sender, String hash) {
        lock.lock();
        try {
            return unfinished.held(sender, hash);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<Entry> find(PartyId reader, String hash) {
        return index.readable(reader, hash, clock.instant()).map(bytes -> new Entry(hash, bytes));
    }

    @Override
    public SeekableByteChannel open(Entry entry) throws IOException {
        try {
            return FileChannel.open(file(entry.hash()), StandardOpenOption.READ);
        } catch (NoSuchFileException _) {
            return openUnlessDropped(entry.hash());
        }
    }

    /** Entries come and go under the lock: what is missing here and stands in the index is lost. */
    private SeekableByteChannel openUnlessDropped(String hash) throws IOException {
        lock.lock();
        try {
            if (!index.has(hash)) {
                throw StoreRefusal.notFound();
            }
            return FileChannel.open(file(hash), StandardOpenOption.READ);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean share(PartyId sender, String hash, Set<PartyId> recipients) {
        var now = clock.instant();
        return index.share(hash, sender, recipients, now.plus(limits.timeToLive()), now);
    }

    @Override
    public boolean drop(PartyId sender, String hash) throws IOException {
        lock.lock();
        try {
            var part = unfinished.find(sender, hash);
            if (part != null) {
                unfinished.remove(part);
            }
            boolean claimed = index.drop(hash, sender);
            removeUnclaimed();
            return claimed || part != null;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int sweep() throws IOException {
        lock.lock();
        try {
            var now = clock.instant();
            index.dropExpired(now);
            int gone = removeUnclaimed();
            for (var part : unfinished.idleSince(now.minus(limits.unfinishedTimeToLive()))) {
                unfinished.remove(part);
                gone++;
            }
            return gone;
        } finally {
            lock.unlock();
        }
    }

    /** The index first: a file without an index entry is removed at the next start, the other way round would lie. */
    private int removeUnclaimed() throws IOException {
        var hashes = index.forgetUnclaimed();
        for (var hash : hashes) {
            Files.deleteIfExists(file(hash));
        }
        return hashes.size();
    }

    @Override
    public Usage usage() {
        lock.lock();
        try {
            return new Usage(index.entries(), index.bytes(), unfinished.count(), unfinished.reserved());
        } finally {
            lock.unlock();
        }
    }

    private Path file(String hash) {
        return shelf(hash).resolve(hash);
    }

    private Path shelf(String hash) {
        return folder.resolve("entries").resolve(hash.substring(0, 2));
    }

    @Override
    public void close() {
        index.close();
    }
}
