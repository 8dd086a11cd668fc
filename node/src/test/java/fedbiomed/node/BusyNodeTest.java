package fedbiomed.node;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.node.state.RequestJournal;
import fedbiomed.protocol.message.Message;
import fedbiomed.protocol.message.Reply;
import fedbiomed.protocol.message.Request;
import fedbiomed.vocabulary.ErrorCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** As many requests as a node keeps open, over a real broker: one more is refused at once, and taken when there is room. */
@Timeout(600)
class BusyNodeTest {
    private static final String LOOP = TestPlans.doing("while (System.nanoTime() != 0) {}");
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    @TempDir
    Path folder;

    @Test
    void aNodeWithAHundredOpenRequestsSaysThatItIsBusy() throws Exception {
        try (var federation = new TestFederation(folder);
                var node = federation.startTrustingNode("hospital-a", TestFederation.SMALL)) {
            var researcher = federation.researcher;
            var job = federation.permittedJob(node, LOOP);
            var open = new ArrayList<String>();
            for (int round = 1; round <= RequestJournal.MAX_OPEN; round++) {
                open.add(researcher.send(node.party(), new Request.Train(TestResearcher.round(job, round))));
            }
            Awaitility.await().atMost(PATIENCE).until(() -> node.openRequests() == RequestJournal.MAX_OPEN);

            var oneMore = new Request.Train(TestResearcher.round(job, RequestJournal.MAX_OPEN + 1));
            var refusal = researcher.ask(node.party(), oneMore, Reply.Error.class);
            assertThat(refusal.code()).isEqualTo(ErrorCode.BUSY);
            assertThat(refusal.text()).contains("hospital-a", "100 open requests", "ask again");
            // one that is open is no further request, and a question is not work
            researcher.send(node.party(), new Request.Train(TestResearcher.round(job, 1)));
            researcher.ask(node.party(), new Request.ListDatasets("1"), Reply.Datasets.class);
            assertThat(node.openRequests()).isEqualTo(RequestJournal.MAX_OPEN);
            assertThat(researcher.repliesTo(open.getFirst())).isEmpty();

            researcher.send(node.party(), new Message.Cancel(open.getLast()));
            Awaitility.await().atMost(PATIENCE).until(() -> node.openRequests() < RequestJournal.MAX_OPEN);
            researcher.send(node.party(), oneMore);
            Awaitility.await().atMost(PATIENCE).until(() -> node.openRequests() == RequestJournal.MAX_OPEN);
        }
    }
}
