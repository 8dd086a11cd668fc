package fedbiomed.node.round;

import static fedbiomed.node.round.HostileWorkers.attempt;
import static fedbiomed.node.round.HostileWorkers.doing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import fedbiomed.node.Sandboxes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Plans that have left Java: libtorch's allocations, raw addresses, the C library's own calls. The check of the bytecode,
 * which lets none of this through, is left out: what stops it here is the process.
 */
class NativeWallTest {
    private static final WorkerLimits LIMITS = new WorkerLimits(
            64L << 20,
            700L << 20,
            32L << 20,
            16L << 20,
            16L << 20,
            1,
            100,
            Duration.ofMinutes(3),
            Duration.ofMinutes(2));

    /** Of the C library; an {@code int} result, as it stands in the lower half of what comes back. */
    private static final String LIBC = """
            static int libc(String name, long... arguments) throws Throwable {
                var linker = java.lang.foreign.Linker.nativeLinker();
                var types = new java.lang.foreign.MemoryLayout[arguments.length];
                java.util.Arrays.fill(types, java.lang.foreign.ValueLayout.JAVA_LONG);
                var call = linker.downcallHandle(linker.defaultLookup().find(name).orElseThrow(),
                        java.lang.foreign.FunctionDescriptor.of(java.lang.foreign.ValueLayout.JAVA_LONG, types));
                var given = new java.util.ArrayList<Object>();
                for (long argument : arguments) given.add(argument);
                return (int) (long) (Long) call.invokeWithArguments(given);
            }
            static long text(String text) {
                return java.lang.foreign.Arena.global().allocateFrom(text).address();
            }
            static void wanted(int result) {
                if (result < 0) throw new SecurityException();
            }
            """;

    @TempDir
    static Path cache;

    @TempDir
    Path folder;

    private HostileWorkers workers;

    @BeforeEach
    void start() throws IOException {
        workers = new HostileWorkers(folder, cache, Sandboxes.HERE, LIMITS);
    }

    @AfterEach
    void stop() {
        workers.close();
    }

    private static String call(String name, String result) {
        return attempt(name, "wanted(" + result + ");");
    }

    /** Every way out of a process that a system call offers; but for the first and the last each must fail. */
    private String calls() throws IOException {
        var other = Files.writeString(folder.resolve("other.csv"), "name\nP007\n");
        return call("own-data", "libc(\"open\", text(\"" + folder + "/data.csv\"), 0, 0)")
                + call("passwords", "libc(\"open\", text(\"/etc/passwd\"), 0, 0)")
                + call("dataset", "libc(\"open\", text(\"" + other + "\"), 0, 0)")
                + call("write-data", "libc(\"open\", text(\"" + folder + "/data.csv\"), 1, 0)")
                + call("write-root", "libc(\"open\", text(\"/x\"), 65, 420)")
                + call("write-outside", "libc(\"open\", text(\"" + folder + "/x\"), 65, 420)")
                + call("socket", "libc(\"socket\", 2, 1, 0)")
                + call("unix-socket", "libc(\"socket\", 1, 1, 0)")
                + call("netlink", "libc(\"socket\", 16, 3, 0)")
                + attempt("fork", "int p = libc(\"fork\"); if (p == 0) libc(\"_exit\", 0); wanted(p);")
                + call("shell", "libc(\"system\", text(\"true\")) == 0 ? 0 : -1")
                + call("memory-file", "libc(\"memfd_create\", text(\"x\"), 0)")
                + call("shared-memory", "libc(\"shmget\", 7, 4096, 950)")
                + call("trace", "libc(\"ptrace\", 16, 1, 0, 0)")
                + call("namespace", "libc(\"unshare\", 0x10000000)")
                + call("mount", "libc(\"mount\", text(\"x\"), text(\"/tmp\"), text(\"tmpfs\"), 0, 0)")
                + call("root", "libc(\"chroot\", text(\"/\"))")
                + call(
                        "limits",
                        "libc(\"setrlimit\", 1, java.lang.foreign.Arena.global()"
                                + ".allocateFrom(java.lang.foreign.ValueLayout.JAVA_LONG, -1, -1).address())")
                + call("home", "libc(\"open\", text(\"here\"), 65, 420)");
    }

    @Test
    void theCLibraryReachesNothingThatJavaDoesNot() throws IOException {
        assumeTrue(Sandboxes.HERE == SandboxKind.BUBBLEWRAP, "bubblewrap is not installed");
        assertThat(workers.went(doing(calls(), LIBC), false, "home"))
                .as("its own dataset and folder are its own")
                .containsExactly("own-data", "home");
    }

    @Test
    void nativeCodeOfTorchReadsNoOtherFileAndWhatItAllocatesIsBounded() throws IOException {
        assumeTrue(Sandboxes.HERE == SandboxKind.BUBBLEWRAP, "bubblewrap is not installed");
        var other = Files.writeString(folder.resolve("other.csv"), "name\nP007\n");
        var file = "org.bytedeco.pytorch.global.torch.from_file(\"%s\", new org.bytedeco.pytorch.BoolOptional(false),"
                + " new org.bytedeco.pytorch.LongOptional(2), new org.bytedeco.pytorch.TensorOptions());";
        assertThat(workers.went(
                        doing(attempt("own-data", file.formatted(folder + "/data.csv"))
                                + attempt("passwords", file.formatted("/etc/passwd"))
                                + attempt("dataset", file.formatted(other))
                                + attempt("end", "if (true) throw new IllegalStateException();")),
                        true,
                        "end"))
                .containsExactly("own-data");
        var tensors = "java.util.List<Object> all = new java.util.ArrayList<>(); while (all.size() < 10_000)"
                + " all.add(org.bytedeco.pytorch.global.torch.ones(4L << 20));";
        assertThat(workers.stopped(doing(tensors), true)).contains("memory");
        // past JavaCPP's own account of what it holds
        var unaccounted = "System.setProperty(\"org.bytedeco.javacpp.maxPhysicalBytes\", \"0\");"
                + " System.setProperty(\"org.bytedeco.javacpp.maxBytes\", \"0\"); ";
        assertThat(workers.stopped(doing(unaccounted + tensors), true)).contains("worker_memory", "700 MiB");
    }

    @Test
    void aRawAddressThatIsNotThePlansOwnEndsItsProcessAlone() throws IOException {
        assertThat(workers.stopped(doing("new org.bytedeco.javacpp.BytePointer() { { address = 8; } }.get();"), true))
                .contains("crashed", "native code");
        assertThat(workers.stopped(
                        doing("org.bytedeco.javacpp.Pointer.memset(new org.bytedeco.javacpp.BytePointer()"
                                + " { { address = 8; } }, 1, 8);"),
                        true))
                .contains("crashed", "native code");
    }
}
