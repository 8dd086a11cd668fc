package fedbiomed.node;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.node.state.NodeDatabase;
import fedbiomed.node.state.RequestJournal;
import fedbiomed.node.state.StoredRequest;
import fedbiomed.protocol.Federation;
import fedbiomed.protocol.Outgoing;
import fedbiomed.protocol.identity.Identity;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Sha256;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplyOutboxTest {
    @TempDir
    Path home;

    private final List<Object> sent = new CopyOnWriteArrayList<>();

    /** One that is connected and takes what it is given: that nothing was sent shows in no other way. */
    private Federation federation() {
        return (Federation) Proxy.newProxyInstance(
                Federation.class.getClassLoader(),
                new Class<?>[] {Federation.class},
                (_, method, arguments) -> switch (method.getName()) {
                    case "connected" -> true;
                    case "send" -> {
                        sent.add(((Outgoing) arguments[0]).to());
                        yield CompletableFuture.completedFuture(null);
                    }
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    @Test
    void anAnswerThatMayNoLongerLeaveIsKeptUntilItMay() {
        var clock = Clock.systemUTC();
        var request = new StoredRequest(
                Sha256.of("a question"),
                PartyId.of("ana"),
                Identity.create(PartyId.of("ana"), home).keys(),
                new byte[] {1},
                List.of(),
                "its message",
                clock.instant().plus(Duration.ofHours(1)));
        var mayLeave = new AtomicBoolean();
        try (var database = NodeDatabase.open(home)) {
            var journal = RequestJournal.in(database, clock);
            journal.admit(request, () -> {});
            journal.answer(request.id(), new byte[] {2}, List.of());
            // looked at again after a day: the test asks by itself
            try (var outbox =
                    new ReplyOutbox(journal, federation(), _ -> mayLeave.get(), _ -> {}, Duration.ofDays(1), clock)) {
                outbox.add(request.id());
                assertThat(sent).isEmpty();
                assertThat(outbox.size()).isEqualTo(1);
                mayLeave.set(true);
                outbox.add(request.id());
                assertThat(sent).isNotEmpty().containsOnly(request.researcher());
            }
        }
    }
}
