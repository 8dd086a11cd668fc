package fedbiomed.researcher;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.protocol.identity.Identity;
import fedbiomed.vocabulary.FedbiomedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadableKeysTest {
    @Test
    void aResearcherWhoseKeysOthersCanReadIsNotOpened(@TempDir Path folder) throws Exception {
        try (var world = new TestWorld(folder)) {
            for (var key :
                    List.of(world.home().resolve(Identity.FILE), world.home().resolve("transport/key.pem"))) {
                Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
                assertThatThrownBy(() -> Researcher.open(world.home()))
                        .isInstanceOf(FedbiomedException.class)
                        .hasMessageContaining("chmod 600 " + key);
                Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
            }
        }
    }
}
