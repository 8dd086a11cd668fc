package fedbiomed.node;

import fedbiomed.protocol.message.Job;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A node, a researcher whom it trusts, and a job that it does: tests ask for one that differs in one thing. */
abstract class PermittedJob {
    @TempDir
    static Path folder;

    static TestFederation federation;
    static TestResearcher researcher;
    static Node node;
    static Job permitted;
    /** Each question has a round of its own: the same one has the same answer. */
    static int round = 10;

    @BeforeAll
    static void start() throws Exception {
        federation = new TestFederation(folder);
        researcher = federation.researcher;
        node = federation.startTrustingNode("hospital-a", TestFederation.SMALL);
        permitted = federation.permittedJob(node, TestPlans.GOOD);
    }

    @AfterAll
    static void stop() {
        node.close();
        federation.close();
    }
}
