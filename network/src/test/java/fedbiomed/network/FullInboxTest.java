package fedbiomed.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import fedbiomed.protocol.Outgoing;
import fedbiomed.protocol.home.DataSize;
import fedbiomed.protocol.message.MessageCodec;
import fedbiomed.protocol.message.Request;
import fedbiomed.vocabulary.Role;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node that takes nothing in for a while, and a researcher that has more for it than its inbox holds. */
@Timeout(300)
class FullInboxTest {
    private static final int MESSAGES = 60;
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    @TempDir
    Path folder;

    @Test
    void aSenderWaitsForRoomAndWhatItHasForOthersGoesThrough() throws Exception {
        var config = TestFederation.settings().withInbox(new NetworkConfig.Inbox(20, DataSize.ofMebibytes(8)));
        var clock = Clock.systemUTC();
        var gate = new CountDownLatch(1);
        Set<String> taken = ConcurrentHashMap.newKeySet();
        try (var network = new TestFederation(folder, config);
                var alice = new TestParty(network, Role.RESEARCHER, "alice", clock);
                var busy = new TestParty(network, Role.NODE, "node-a", clock).andTrusts(alice);
                var other = new TestParty(network, Role.NODE, "node-b", clock).andTrusts(alice);
                var log = new LoggedWarnings()) {
            busy.federation().onMessage(received -> {
                waitFor(gate);
                taken.add(received.id());
            });
            alice.opened();
            busy.opened();
            other.opened();
            var sent = new ArrayList<CompletableFuture<Void>>();
            for (int i = 0; i < MESSAGES; i++) {
                var body = MessageCodec.encode(new Request.Approval("x".repeat(200_000), List.of(), "", "nonce " + i));
                var message =
                        new Outgoing(busy.id(), body).sealedFor(busy.identity().keys());
                sent.add(alice.federation().send(message, clock.instant().plusSeconds(600)));
            }
            await("the inbox is full")
                    .atMost(PATIENCE)
                    .until(() -> log.texts().stream()
                            .anyMatch(text -> text.contains("a message to fedbiomed/v1/node/node-a/inbox waits here")
                                    && text.contains("full")));
            var question = new Request.ListDatasets("meanwhile");
            alice.send(other, question);
            assertThat(other.nextNew().message()).isEqualTo(question);
            assertThat(sent).anyMatch(one -> !one.isDone());

            gate.countDown();
            CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new)).get(120, TimeUnit.SECONDS);
            await("all are taken in").atMost(PATIENCE).until(() -> taken.size() == MESSAGES);
            assertThat(log.texts()).noneMatch(text -> text.contains("no connection to the broker"));
        }
    }

    private static void waitFor(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
