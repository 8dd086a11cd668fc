package fedbiomed.node.state;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.nio.file.Path;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * The tables, as the steps that lead to them. {@code PRAGMA user_version} counts the steps that a file has taken; a
 * step, once released, is never changed.
 */
final class Schema {
    /** Instants are milliseconds since the epoch. */
    private static final List<List<String>> STEPS = List.of(
            List.of("""
            CREATE TABLE dataset (
                id TEXT PRIMARY KEY,
                name TEXT NOT NULL,
                path TEXT NOT NULL,
                description TEXT NOT NULL,
                file_state TEXT NOT NULL,
                added INTEGER NOT NULL,
                UNIQUE (name, path)
            ) STRICT""", """
            CREATE TABLE plan (
                id TEXT PRIMARY KEY,
                class_name TEXT NOT NULL,
                text TEXT NOT NULL,
                researcher TEXT NOT NULL,
                request_note TEXT NOT NULL,
                requested INTEGER NOT NULL,
                status TEXT NOT NULL CHECK (status IN ('PENDING', 'APPROVED', 'REJECTED')),
                decided INTEGER,
                decision_note TEXT NOT NULL
            ) STRICT""", """
            CREATE TABLE request (
                id TEXT PRIMARY KEY,
                researcher TEXT NOT NULL,
                fingerprint TEXT NOT NULL,
                body BLOB NOT NULL,
                received INTEGER NOT NULL,
                expires INTEGER NOT NULL,
                attempts INTEGER NOT NULL,
                reply BLOB,
                acknowledged INTEGER
            ) STRICT""", "CREATE INDEX request_unanswered ON request (received) WHERE reply IS NULL"),
            List.of("ALTER TABLE plan ADD COLUMN decided_by TEXT NOT NULL DEFAULT ''"),
            List.of("""
            CREATE TABLE node_state (
                request TEXT PRIMARY KEY,
                researcher TEXT NOT NULL,
                fingerprint TEXT NOT NULL,
                dataset TEXT NOT NULL,
                dataset_fingerprint TEXT NOT NULL,
                plan TEXT NOT NULL,
                run TEXT NOT NULL,
                sha256 TEXT NOT NULL,
                bytes INTEGER NOT NULL,
                number INTEGER NOT NULL,
                used INTEGER NOT NULL
            ) STRICT"""),
            List.of("ALTER TABLE plan ADD COLUMN attachments TEXT NOT NULL DEFAULT '[]'"),
            // what came unsealed cannot be answered sealed; it is asked again
            List.of(
                    "DROP TABLE request",
                    """
            CREATE TABLE request (
                id TEXT PRIMARY KEY,
                researcher TEXT NOT NULL,
                keys TEXT NOT NULL,
                body BLOB NOT NULL,
                enclosed TEXT NOT NULL,
                message TEXT NOT NULL,
                received INTEGER NOT NULL,
                expires INTEGER NOT NULL,
                attempts INTEGER NOT NULL,
                reply BLOB,
                reply_enclosed TEXT,
                acknowledged INTEGER
            ) STRICT""",
                    "CREATE INDEX request_unanswered ON request (received) WHERE reply IS NULL"),
            List.of("""
            CREATE TABLE policy_usage (
                request TEXT NOT NULL,
                day TEXT NOT NULL,
                researcher TEXT NOT NULL,
                dataset TEXT NOT NULL,
                rounds INTEGER NOT NULL,
                millis INTEGER NOT NULL,
                PRIMARY KEY (request, day)
            ) STRICT""", "CREATE INDEX policy_usage_day ON policy_usage (day, researcher)"),
            List.of("ALTER TABLE dataset ADD COLUMN settings TEXT NOT NULL DEFAULT '{}'"),
            List.of("ALTER TABLE dataset ADD COLUMN loading_plan TEXT", """
            CREATE TABLE loading_plan (
                name TEXT PRIMARY KEY,
                plan TEXT NOT NULL,
                added INTEGER NOT NULL
            ) STRICT"""),
            List.of("ALTER TABLE dataset ADD COLUMN notes TEXT NOT NULL DEFAULT '[]'"));

    private Schema() {}

    static void bringForward(Handle handle, Path file) {
        int version = handle.createQuery("PRAGMA user_version").mapTo(int.class).one();
        if (version > STEPS.size()) {
            throw new FedbiomedException(
                    ErrorCode.UNSUPPORTED,
                    file + " has schema version " + version + ", this program knows versions up to " + STEPS.size()
                            + "; use the newer program that wrote it");
        }
        for (var step : STEPS.subList(version, STEPS.size())) {
            step.forEach(handle::execute);
        }
        if (version < STEPS.size()) {
            handle.execute("PRAGMA user_version = " + STEPS.size());
        }
    }
}
