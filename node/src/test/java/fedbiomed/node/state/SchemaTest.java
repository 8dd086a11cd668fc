package fedbiomed.node.state;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.node.registry.AttachmentStore;
import fedbiomed.node.registry.PlanRegistry;
import fedbiomed.training.plan.PlanSource;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.PlanStatus;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an earlier version has left is brought forward, and means what it meant. */
class SchemaTest {
    @TempDir
    Path home;

    @Test
    void aPlanThatWasApprovedBeforeThereWereAttachmentsStaysApproved() {
        var source = new PlanSource("public class A extends P {}\n");
        try (var database = NodeDatabase.open(home)) {
            var plans = new PlanRegistry(database, new AttachmentStore(home), Clock.systemUTC());
            plans.request(PartyId.of("ana"), source, "please");
            plans.decide(source.id(), PlanStatus.APPROVED, "fine");
            database.change(handle -> {
                handle.execute("ALTER TABLE plan DROP COLUMN attachments");
                handle.execute("DROP TABLE policy_usage");
                handle.execute("ALTER TABLE dataset DROP COLUMN settings");
                handle.execute("ALTER TABLE dataset DROP COLUMN notes");
                handle.execute("ALTER TABLE dataset DROP COLUMN loading_plan");
                handle.execute("DROP TABLE loading_plan");
                handle.execute("PRAGMA user_version = 3");
            });
        }
        try (var database = NodeDatabase.open(home)) {
            var plans = new PlanRegistry(database, new AttachmentStore(home), Clock.systemUTC());
            assertThat(plans.find(source.id())).hasValueSatisfying(plan -> {
                assertThat(plan.source()).isEqualTo(source);
                assertThat(plan.status()).isEqualTo(PlanStatus.APPROVED);
            });
        }
    }
}
