package fedbiomed.network.store;

import java.io.IOException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** A disk that is full (or the user's share of it), whoever notices. */
final class FullDisk {
    private FullDisk() {}

    static boolean caused(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            // the JDK has no type of its own for ENOSPC and EDQUOT
            if (cause instanceof IOException
                            && String.valueOf(cause.getMessage()).matches("(?s).*(No space left|quota exceeded).*")
                    || cause instanceof SQLiteException sqlite
                            && sqlite.getResultCode() == SQLiteErrorCode.SQLITE_FULL) {
                return true;
            }
        }
        return false;
    }

    static StoreRefusal refusal() {
        return new StoreRefusal(
                StoreRefusal.Reason.DISK_FULL,
                "the Network's disk is full; nothing that was kept is lost",
                "ask its administrator to free space, then upload again");
    }
}
