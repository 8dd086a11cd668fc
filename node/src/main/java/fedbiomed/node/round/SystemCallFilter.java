package fedbiomed.node.round;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * A seccomp filter (classic BPF, as {@code struct sock_filter} in linux/filter.h): what a worker never needs of the
 * kernel fails. No process can be made (threads can), no socket opened, no memory held where the watchdog does not see
 * it, and the calls by which sandboxes have been left are shut.
 */
final class SystemCallFilter {
    private static final int LOAD = 0x20; // BPF_LD | BPF_W | BPF_ABS
    private static final int JUMP_EQUAL = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
    private static final int JUMP_ANY_BIT = 0x45; // BPF_JMP | BPF_JSET | BPF_K
    private static final int JUMP_AT_LEAST = 0x35; // BPF_JMP | BPF_JGE | BPF_K
    private static final int RETURN = 0x06; // BPF_RET | BPF_K

    /** Offsets in {@code struct seccomp_data}. */
    private static final int NUMBER = 0;

    private static final int ARCHITECTURE = 4;
    private static final int FIRST_ARGUMENT = 16;

    private static final int ALLOW = 0x7fff0000;
    private static final int FAIL = 0x00050000;
    private static final int EPERM = 1;
    private static final int ENOSYS = 38;

    private static final int X86_64 = 0xC000003E;
    private static final int X32_CALLS = 0x40000000;
    private static final int CLONE = 56;
    private static final int CLONE3 = 435;
    private static final int CLONE_THREAD = 0x10000;

    /** Numbers of x86-64 (arch/x86/entry/syscalls/syscall_64.tbl). */
    private static final int[] REFUSED = {
        57,
        58, // fork, vfork
        41,
        53, // socket, socketpair
        319,
        29,
        30,
        240, // memfd_create, shmget, shmat, mq_open
        101,
        310,
        311,
        438, // ptrace, process_vm_readv, process_vm_writev, pidfd_getfd
        165,
        166,
        155,
        161,
        272,
        308, // mount, umount2, pivot_root, chroot, unshare, setns
        428,
        429,
        430,
        431,
        432,
        433,
        442, // open_tree, move_mount, fsopen, fsconfig, fsmount, fspick, mount_setattr
        248,
        249,
        250, // add_key, request_key, keyctl
        321,
        298,
        323,
        425,
        426,
        427, // bpf, perf_event_open, userfaultfd, io_uring_setup, _enter, _register
        246,
        320,
        175,
        313,
        176, // kexec_load, kexec_file_load, init_module, finit_module, delete_module
        303,
        304 // name_to_handle_at, open_by_handle_at
    };

    private final ByteBuffer program =
            ByteBuffer.allocate(8 * (REFUSED.length * 2 + 16)).order(ByteOrder.LITTLE_ENDIAN);

    private SystemCallFilter() {}

    /** The program's bytes; empty on a machine whose system calls have other numbers. */
    static Optional<byte[]> forThisMachine() {
        return System.getProperty("os.arch").equals("amd64")
                ? Optional.of(new SystemCallFilter().build())
                : Optional.empty();
    }

    private byte[] build() {
        put(LOAD, 0, 0, ARCHITECTURE);
        put(JUMP_EQUAL, 1, 0, X86_64);
        put(RETURN, 0, 0, FAIL | EPERM);
        put(LOAD, 0, 0, NUMBER);
        put(JUMP_AT_LEAST, 0, 1, X32_CALLS);
        put(RETURN, 0, 0, FAIL | EPERM);
        for (int call : REFUSED) {
            put(JUMP_EQUAL, 0, 1, call);
            put(RETURN, 0, 0, FAIL | EPERM);
        }
        // its flags are behind a pointer, which a filter cannot follow; without it the C library takes clone
        put(JUMP_EQUAL, 0, 1, CLONE3);
        put(RETURN, 0, 0, FAIL | ENOSYS);
        put(JUMP_EQUAL, 1, 0, CLONE);
        put(RETURN, 0, 0, ALLOW);
        put(LOAD, 0, 0, FIRST_ARGUMENT);
        put(JUMP_ANY_BIT, 0, 1, CLONE_THREAD);
        put(RETURN, 0, 0, ALLOW);
        put(RETURN, 0, 0, FAIL | EPERM);
        var bytes = new byte[program.position()];
        program.flip().get(bytes);
        return bytes;
    }

    /** One instruction; the jumps count instructions from the next. */
    private void put(int code, int ifTrue, int ifFalse, int value) {
        program.putShort((short) code).put((byte) ifTrue).put((byte) ifFalse).putInt(value);
    }
}
