package fedbiomed.node.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyFileTest {
    @TempDir
    Path home;

    private final List<PolicyFile.Change> changes = new ArrayList<>();

    private PolicyFile file(int formerMinimum) {
        return new PolicyFile(home, PartyId.of("hospital-a"), formerMinimum, changes::add);
    }

    private void write(String text) throws IOException {
        Files.writeString(home.resolve(PolicyFile.FILE), text);
    }

    private static void assertNothingIsAllowed(PolicyFile file, String problem) {
        assertThatThrownBy(file::current).isInstanceOfSatisfying(FedbiomedException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.POLICY);
            assertThat(e.rule()).isEqualTo("policy_file");
            // what is wrong with a hospital's file is nothing for researchers
            assertThat(e.text()).contains("hospital-a", "policy check").doesNotContain("line ");
        });
        assertThat(file.problem()).contains(problem);
    }

    @Test
    void aHomeWithoutTheFileWorksByTheDefaults() {
        assertThat(file(0).current()).isEqualTo(Policy.DEFAULTS);
        assertThat(changes).containsExactly(new PolicyFile.Change(null, null));
    }

    @Test
    void aChangeHoldsAtOnceAndIsRecordedOnce() throws IOException {
        write("metrics_leave: true\n");
        var file = file(0);
        assertThat(file.current().everywhere().metricsLeave()).isTrue();
        assertThat(file.current().everywhere().metricsLeave()).isTrue();
        write("metrics_leave: false\n");
        assertThat(file.current().everywhere().metricsLeave()).isFalse();
        assertThat(changes)
                .extracting(PolicyFile.Change::sha256)
                .containsExactly(
                        Sha256.of("metrics_leave: true\n".getBytes(StandardCharsets.UTF_8)),
                        Sha256.of("metrics_leave: false\n".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aBrokenFileAllowsNothingUntilItIsMended() throws IOException {
        write("metrics_leave: true\n");
        var file = file(0);
        file.current();
        write("metrics_leaf: true\n");
        assertNothingIsAllowed(file, "line 1: unknown key 'metrics_leaf'; the nearest known key is 'metrics_leave'");
        assertNothingIsAllowed(file, "metrics_leaf");
        assertThat(changes).hasSize(2);
        write("metrics_leave: true\n");
        assertThat(file.current().everywhere().metricsLeave()).isTrue();
    }

    @Test
    void neitherAnEmptyFileNorOneThatIsGoneMeansTheDefaults() throws IOException {
        write("researchers: []\n");
        var file = file(0);
        file.current();
        write("");
        assertNothingIsAllowed(file, "the file says nothing");
        Files.delete(home.resolve(PolicyFile.FILE));
        assertNothingIsAllowed(file, "was there and is gone");
        assertNothingIsAllowed(file, "was there and is gone");
        write("researchers: [ana]\n");
        assertThat(file.current().everywhere().isFor(PartyId.of("ana"))).isTrue();
    }

    @Test
    void whatCannotBeRecordedDoesNotHold() throws IOException {
        write("metrics_leave: true\n");
        var file = new PolicyFile(home, PartyId.of("hospital-a"), 0, _ -> {
            throw new FedbiomedException(ErrorCode.INTERNAL, "the audit log cannot be written");
        });
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(file::current).hasMessageContaining("the audit log cannot be written");
        }
    }

    @Test
    void theMinimumOfAnOlderConfigurationGoesOnHolding() throws IOException {
        assertThat(file(25).current().minimumSamples("d", "D")).isEqualTo(25);
        assertThat(file(5).current().minimumSamples("d", "D")).isEqualTo(5);
        assertThat(file(0).current().minimumSamples("d", "D")).isEqualTo(10);
        write("metrics_leave: false\n");
        assertThat(file(5).current().minimumSamples("d", "D")).isEqualTo(5);
        write("minimum_samples: 40\n");
        assertThat(file(25).current().minimumSamples("d", "D")).isEqualTo(40);
        assertThat(file(0).current().minimumSamples("d", "D")).isEqualTo(40);
    }

    @Test
    void aNewHomeHasAFileThatSaysTheDefaultsAndKeepsIt() throws IOException {
        PolicyFile.writeDefaults(home);
        assertThat(file(0).current()).isEqualTo(Policy.DEFAULTS);
        write("researchers: []\n");
        PolicyFile.writeDefaults(home);
        assertThat(Files.readString(home.resolve(PolicyFile.FILE))).isEqualTo("researchers: []\n");
    }
}
