package fedbiomed.researcher;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.protocol.Received;
import fedbiomed.protocol.identity.Identity;
import fedbiomed.protocol.identity.TrustState;
import fedbiomed.protocol.message.AuditHead;
import fedbiomed.protocol.message.Envelope;
import fedbiomed.protocol.message.Letter;
import fedbiomed.protocol.message.MessageCodec;
import fedbiomed.protocol.message.Reply;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditHeadsTest {
    private static final PartyId NODE = PartyId.of("hospital-a");
    private static final Instant START = Instant.parse("2026-11-25T05:00:00Z");

    @TempDir
    Path home;

    private Identity node;
    private Identity ana;
    private AuditHeads heads;

    @BeforeEach
    void aNode() throws IOException {
        node = Identity.create(NODE, Files.createDirectory(home.resolve("node")));
        ana = Identity.create(PartyId.of("ana"), home);
        heads = new AuditHeads(home);
    }

    private static AuditHead head(long sequence, String content) {
        return new AuditHead(sequence, Sha256.of(content));
    }

    /** A reply that the node sent {@code second} seconds after the start, as it comes out of its envelope. */
    private void reply(long second, AuditHead head) {
        var reply = new Reply.Datasets("0".repeat(64), List.of());
        var sent = START.plusSeconds(second);
        var sealed = Envelope.seal(
                node,
                new Envelope.Recipient(ana.party(), ana.keys()),
                Envelope.newName(),
                new Letter(MessageCodec.encode(reply), List.of(), head),
                sent,
                sent.plusSeconds(60));
        heads.saw(new Received(Envelope.open(sealed.bytes(), ana), reply, TrustState.TRUSTED));
    }

    private AuditHeads.Seen seen() {
        heads.write();
        return Objects.requireNonNull(new AuditHeads(home).all().get(NODE.value()));
    }

    @Test
    void aLogThatGrowsIsFollowedAlsoWhereMessagesOvertakeEachOther() {
        reply(1, head(5, "five"));
        reply(3, head(9, "nine"));
        reply(2, head(7, "seven"));
        reply(4, head(9, "nine"));
        assertThat(seen().head()).isEqualTo(head(9, "nine"));
        assertThat(seen().alarm()).isEmpty();
    }

    @Test
    void aLogThatBecameShorterIsSaidUntilAPersonHasLookedIntoIt() {
        reply(1, head(9, "nine"));
        reply(2, head(4, "four"));
        reply(3, head(10, "ten"));
        assertThat(seen().head()).as("what to verify with").isEqualTo(head(9, "nine"));
        assertThat(seen().alarm())
                .contains("hospital-a", "CUT OR WRITTEN ANEW", "9 lines and later 4", "audit verify --head 9:");
        assertThat(new NodeView(NODE, true, TrustState.TRUSTED, node.keys().fingerprint(), seen()).whatToDo())
                .isEqualTo(seen().alarm());

        heads.forget(NODE);
        reply(4, head(4, "four"));
        assertThat(seen().alarm()).isEmpty();
    }

    @Test
    void aLogThatHasAnotherLineInAPlaceIsSaid() {
        reply(1, head(9, "nine"));
        reply(2, head(9, "another"));
        assertThat(seen().alarm()).contains("line 9 of it is another one");
    }

    @Test
    void aHeadThatCannotBeKeptIsNotTriedAgainWithoutEnd() throws IOException {
        var file = home.resolve(AuditHeads.FILE);
        Files.writeString(file, "damaged");
        reply(1, head(5, "five"));
        heads.write();
        Files.delete(file);
        assertThat(heads.all()).as("it was given up").isEmpty();

        reply(2, head(6, "six"));
        assertThat(seen().head()).isEqualTo(head(6, "six"));
    }
}
