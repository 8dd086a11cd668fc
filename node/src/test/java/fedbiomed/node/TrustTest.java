package fedbiomed.node;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.protocol.identity.Fingerprint;
import fedbiomed.protocol.identity.TrustState;
import fedbiomed.protocol.message.Reply;
import fedbiomed.protocol.message.Request;
import fedbiomed.vocabulary.ErrorCode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustTest {
    @TempDir
    Path folder;

    @Test
    void aStrangerIsToldHowTrustIsGivenAndNothingElse() throws Exception {
        try (var federation = new TestFederation(folder);
                var node = federation.startNode("hospital-a", TestFederation.SMALL)) {
            var researcher = federation.researcher;
            federation.share(node, 100);
            var own = researcher.identity.keys().fingerprint();

            assertThat(refusal(researcher, node, "n1"))
                    .contains("does not trust researcher 'ana' yet", "fedbiomed node researcher trust ana " + own);
            assertThat(node.trusted().state(researcher.party(), researcher.identity.keys()))
                    .isEqualTo(TrustState.SEEN);
            assertThat(researcher.ask(
                            node.party(), new Request.Approval(TestPlans.GOOD, List.of(), "", "n"), Reply.Error.class))
                    .satisfies(error -> assertThat(error.code()).isEqualTo(ErrorCode.UNTRUSTED_SENDER));
            assertThat(node.plans().list()).isEmpty();

            node.trusted().trust(researcher.party(), own);
            researcher.ask(node.party(), new Request.ListDatasets("n2"), Reply.Datasets.class);

            node.trusted().trust(researcher.party(), Fingerprint.parse("A".repeat(32)));
            assertThat(refusal(researcher, node, "n3")).contains("another fingerprint");

            node.trusted().revoke(researcher.party());
            assertThat(refusal(researcher, node, "n4")).contains("withdrawn");
        }
    }

    private static String refusal(TestResearcher researcher, Node node, String nonce) {
        var error = researcher.ask(node.party(), new Request.ListDatasets(nonce), Reply.Error.class);
        assertThat(error.code()).isEqualTo(ErrorCode.UNTRUSTED_SENDER);
        return error.text();
    }
}
