package fedbiomed.protocol.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.vocabulary.FedbiomedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {
    @TempDir
    Path folder;

    @Test
    void aFileIsReplacedAndNothingIsLeftBeside() throws Exception {
        var file = folder.resolve("a");
        AtomicFiles.write(file, new byte[] {1});
        AtomicFiles.write(file, new byte[] {2, 3});
        assertThat(Files.readAllBytes(file)).containsExactly(2, 3);
        try (var all = Files.list(folder)) {
            assertThat(all).containsExactly(file);
        }
    }

    @Test
    void aPrivateFileIsItsOwnersAlone() throws Exception {
        var file = folder.resolve("key");
        AtomicFiles.writeOwnerOnly(file, new byte[] {1});
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        AtomicFiles.requireOwnerOnly(file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertThatThrownBy(() -> AtomicFiles.requireOwnerOnly(file))
                .isInstanceOf(FedbiomedException.class)
                .hasMessageContaining("chmod 600 " + file);
    }

    @Test
    void aFileLargerThanItsBoundIsRefused() throws Exception {
        var file = folder.resolve("large");
        Files.write(file, new byte[11]);
        assertThat(AtomicFiles.readBounded(file, 11)).hasSize(11);
        assertThatThrownBy(() -> AtomicFiles.readBounded(file, 10)).isInstanceOf(FedbiomedException.class);
    }
}
