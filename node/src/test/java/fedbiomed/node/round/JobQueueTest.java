package fedbiomed.node.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import fedbiomed.node.state.StoredRequest;
import fedbiomed.protocol.identity.Identity;
import fedbiomed.protocol.identity.PublicKeys;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Sha256;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Experiments take turns at a node, and whoever waits is told where it stands. */
class JobQueueTest {
    @TempDir
    static Path home;

    private static PublicKeys keys;

    @BeforeAll
    static void makeKeys() {
        keys = Identity.create(PartyId.of("alice"), home).keys();
    }

    private final Semaphore may = new Semaphore(0);
    private final List<String> done = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, List<String>> places = Collections.synchronizedMap(new TreeMap<>());

    private JobQueue queue(int concurrency) {
        return new JobQueue(
                concurrency,
                request -> name(request).substring(0, 1),
                request -> {
                    may.acquireUninterruptibly();
                    done.add(name(request));
                    return Optional.empty();
                },
                (_, _) -> {},
                (request, place, of) -> places.computeIfAbsent(name(request), _ -> new ArrayList<>())
                        .add(place + " of " + of));
    }

    @Test
    void experimentsTakeTurns() {
        try (var queue = queue(1)) {
            for (var name : List.of("a1", "a2", "a3", "a4", "b1", "b2", "c1")) {
                queue.submit(request(name));
            }
            may.release(7);
            await().until(() -> done.size() == 7);
            assertThat(done).containsExactly("a1", "a2", "b1", "c1", "a3", "b2", "a4");
        }
    }

    @Test
    void researchersTakeTurnsHoweverManyExperimentsOneOfThemHas() {
        try (var queue = queue(1)) {
            for (var name : List.of("a1", "b1", "c1", "d1")) {
                queue.submit(request(name));
            }
            queue.submit(request("x1", "bob"));
            queue.submit(request("x2", "bob"));
            may.release(6);
            await().until(() -> done.size() == 6);
            assertThat(done).containsExactly("a1", "b1", "x1", "c1", "x2", "d1");
        }
    }

    @Test
    void whoWaitsIsToldWhereItStandsAndOnlyWhenThatChanges() {
        try (var queue = queue(1)) {
            queue.submit(request("a1"));
            queue.submit(request("a2"));
            queue.submit(request("a3"));
            await().until(() -> places.containsKey("a3"));
            // told once: when the next one lines up its own place stays the same
            assertThat(places.get("a2")).singleElement().asString().startsWith("1 of ");
            // its experiment comes before the second one's of the other
            queue.submit(request("b1"));
            await().until(() -> places.getOrDefault("a3", List.of()).contains("3 of 3"));
            assertThat(places.get("b1")).containsExactly("2 of 3");
            may.release();
            await().until(() -> places.getOrDefault("b1", List.of()).contains("1 of 2"));
            assertThat(places).doesNotContainKey("a1");
            may.release(3);
        }
    }

    @Test
    void whatIsCancelledLeavesTheLineAndTheNextOneMovesUp() {
        try (var queue = queue(1)) {
            queue.submit(request("a1"));
            queue.submit(request("a2"));
            queue.submit(request("a3"));
            await().until(() -> places.containsKey("a3"));
            queue.cancel(request("a2").id());
            await().until(() -> places.getOrDefault("a3", List.of()).contains("1 of 1"));
            may.release(3);
            await().until(() -> done.size() == 2);
            assertThat(done).containsExactly("a1", "a3");
            await().until(() -> queue.size() == 0);
        }
    }

    @Test
    void soManyWorkAtATimeAndNobodyIsToldOfALineThatThereIsNot() {
        try (var queue = queue(3)) {
            for (var name : List.of("a1", "a2", "b1")) {
                queue.submit(request(name));
            }
            may.release(3);
            await().until(() -> done.size() == 3);
            assertThat(places).isEmpty();
        }
    }

    private static String name(StoredRequest request) {
        return new String(request.body(), java.nio.charset.StandardCharsets.UTF_8);
    }

    private static StoredRequest request(String name) {
        return request(name, "alice");
    }

    private static StoredRequest request(String name, String researcher) {
        return new StoredRequest(
                Sha256.of(name),
                PartyId.of(researcher),
                keys,
                name.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                List.of(),
                "message",
                Instant.MAX);
    }
}
