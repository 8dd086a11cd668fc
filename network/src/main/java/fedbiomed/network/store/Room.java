package fedbiomed.network.store;

import fedbiomed.protocol.home.DataSize;
import fedbiomed.vocabulary.PartyId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether there is room for an upload: within the quotas, and on the disk. Not safe for threads: {@link FolderStore} locks. */
record Room(Path folder, FolderStore.Limits limits, StoreIndex index, UnfinishedUploads unfinished) {
    /** @throws StoreRefusal saying which limit {@code total} more bytes of {@code sender} would break */
    void require(PartyId sender, long total) throws IOException {
        if (total > limits.entryBytes()) {
            throw new StoreRefusal(
                    StoreRefusal.Reason.TOO_LARGE,
                    "an entry of " + total + " bytes is larger than this Network takes (" + size(limits.entryBytes())
                            + ")",
                    "ask its administrator to raise quotas.entry");
        }
        long own = index.bytesOf(sender) + unfinished.reservedBy(sender);
        if (total > limits.partyBytes() - own) {
            throw new StoreRefusal(
                    StoreRefusal.Reason.QUOTA_EXCEEDED,
                    sender + " keeps " + own + " bytes here and may keep " + size(limits.partyBytes()) + "; " + total
                            + " more do not fit",
                    "delete entries that are no longer needed, or ask the administrator to raise quotas.party");
        }
        long all = index.bytes() + unfinished.reserved();
        if (total > limits.totalBytes() - all) {
            throw new StoreRefusal(
                    StoreRefusal.Reason.QUOTA_EXCEEDED,
                    "the store holds " + all + " of " + size(limits.totalBytes()) + "; " + total + " more do not fit",
                    "ask its administrator to raise quotas.total, or wait until older entries expire");
        }
        requireSpace(total + unfinished.outstanding());
    }

    /** Whether the disk has its reserve and {@code bytes} beside; asks the disk alone, and so needs no lock. */
    void requireSpace(long bytes) throws IOException {
        if (Files.getFileStore(folder).getUsableSpace() - bytes < limits.reserveBytes()) {
            throw FullDisk.refusal();
        }
    }

    private static String size(long bytes) {
        return new DataSize(bytes).toString();
    }
}
