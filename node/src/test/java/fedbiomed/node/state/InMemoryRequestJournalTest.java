package fedbiomed.node.state;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.node.state.RequestJournal.Admission;
import java.util.List;
import org.junit.jupiter.api.Test;

class InMemoryRequestJournalTest extends RequestJournalRules {
    private final RequestJournal journal = RequestJournal.inMemory(clock());

    @Override
    RequestJournal journal() {
        return journal;
    }

    /** So that a thousand rounds fill no memory; what the researcher has not yet is kept however much it is. */
    @Test
    void onlyTheLastAcknowledgedAnswersAreRemembered() {
        int more = InMemoryRequestJournal.ACKNOWLEDGED_KEPT + 2;
        for (int i = 0; i < more; i++) {
            journal.admit(request(i), () -> {});
            journal.answer(request(i).id(), new byte[] {1}, List.of(UPDATE));
        }
        assertThat(journal.unacknowledged()).hasSize(more);
        for (int i = 0; i < more; i++) {
            assertThat(journal.acknowledge(request(i).id(), ANA)).isTrue();
        }
        assertThat(journal.reply(request(1).id())).isEmpty();
        assertThat(journal.reply(request(2).id())).isPresent();
        assertThat(journal.admit(request(1), () -> {})).isEqualTo(new Admission.New());
    }
}
