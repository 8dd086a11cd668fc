package fedbiomed.node.round;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineMemoryTest {
    @TempDir
    Path root;

    private void write(String file, String text) throws IOException {
        var path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    @Test
    void theKernelsEstimateOrWhatTheGroupsLimitLeavesWhicheverIsLess() throws IOException {
        assertThat(MachineMemory.availableBytes(root)).as("no Linux").isEqualTo(Long.MAX_VALUE);
        write("proc/meminfo", "MemTotal:  8000 kB\nMemFree:    10 kB\nMemAvailable:    3000 kB\n");
        assertThat(MachineMemory.availableBytes(root)).isEqualTo(3000 << 10);

        write("proc/self/cgroup", "1:cpu:/old\n0::/node.service\n");
        assertThat(MachineMemory.availableBytes(root)).as("no controller").isEqualTo(3000 << 10);
        write("sys/fs/cgroup/node.service/memory.max", "max\n");
        assertThat(MachineMemory.availableBytes(root)).isEqualTo(3000 << 10);
        write("sys/fs/cgroup/node.service/memory.max", "2000000\n");
        write("sys/fs/cgroup/node.service/memory.current", "1500000\n");
        write("sys/fs/cgroup/node.service/memory.stat", "anon 1100000\ninactive_file 400000\n");
        assertThat(MachineMemory.availableBytes(root)).isEqualTo(900_000);
        write("sys/fs/cgroup/node.service/memory.current", "2600000\n");
        assertThat(MachineMemory.availableBytes(root)).isZero();

        // a node that divides its service's group is itself in one without a limit
        write("proc/self/cgroup", "0::/node.service/node\n");
        write("sys/fs/cgroup/node.service/node/memory.max", "max\n");
        write("sys/fs/cgroup/node.service/memory.current", "1500000\n");
        assertThat(MachineMemory.availableBytes(root)).isEqualTo(900_000);
    }

    @Test
    void thisMachineHasSome() {
        assertThat(MachineMemory.availableBytes()).isPositive();
    }
}
