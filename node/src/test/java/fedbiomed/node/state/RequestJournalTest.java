package fedbiomed.node.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.vocabulary.FedbiomedException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The journal in the node's state. */
class RequestJournalTest extends RequestJournalRules {
    @TempDir
    Path home;

    private NodeDatabase database;

    @BeforeEach
    void open() {
        database = NodeDatabase.open(home);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Override
    RequestJournal journal() {
        return RequestJournal.in(database, clock());
    }

    @Test
    void whatIsOpenAndUnacknowledgedIsThereAfterAReopening() {
        var journal = journal();
        journal.admit(request(1), () -> {});
        journal.admit(request(2), () -> {});
        journal.answer(request(2).id(), new byte[] {1}, List.of(UPDATE));
        database.close();
        database = NodeDatabase.open(home);
        journal = journal();
        assertThat(journal.open())
                .extracting(StoredRequest::id)
                .containsExactly(request(1).id());
        assertThat(journal.open().getFirst().body()).isEqualTo(request(1).body());
        assertThat(journal.unacknowledged()).containsExactly(request(2).id());
    }

    @Test
    void aNewerSchemaIsRefused() {
        database.change(handle -> handle.execute("PRAGMA user_version = 1000"));
        assertThatThrownBy(() -> NodeDatabase.open(home))
                .isInstanceOf(FedbiomedException.class)
                .hasMessageContaining("version 1000");
    }

    @Test
    void twoOpenersSeeEachOthersChangesAtOnce() {
        try (var other = NodeDatabase.open(home)) {
            journal().admit(request(1), () -> {});
            assertThat(RequestJournal.in(other, clock()).open()).hasSize(1);
        }
    }
}
