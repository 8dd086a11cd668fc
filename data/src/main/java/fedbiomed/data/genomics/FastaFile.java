package fedbiomed.data.genomics;

import fedbiomed.data.file.FileProblem;
import fedbiomed.data.file.Unpacked;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A FASTA file of DNA or RNA, plain, gzip or bgzf: an index of its sequences, and each of them as counts of k-mers or
 * one-hot. Letters as {@link Bases}: either case, U as T; N and other ambiguous letters are unknown. In a plain file each
 * sequence is read from its place; those of a compressed one, which has no places, are held in memory, a byte a base. May
 * be read by several threads.
 */
public final class FastaFile {
    /** Sequencing reads by the million belong in other formats. */
    static final int MAX_SEQUENCES = 5_000_000;

    static final int MAX_K = 10;
    /** Of a compressed file, in bases. */
    static final int MAX_HELD = 64 << 20;

    private final FileProblem problem;
    private final List<Entry> entries = new ArrayList<>();

    /** @param held the codes of the bases; {@code null} where they are read from their position */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Entry(String name, long bases, long position, byte @Nullable [] held) {}

    /** Grows as a sequence is read; all that is held together is bounded. */
    private static final class Held {
        private final FileProblem problem;
        private byte[] codes = new byte[1024];
        private int length;
        private long together;

        Held(FileProblem problem) {
            this.problem = problem;
        }

        boolean add(int code) {
            if (++together > MAX_HELD) {
                throw problem.of("it is compressed and unpacks to more than " + MAX_HELD
                        + " bases; unpack it (gunzip), so that each sequence can be read from its place");
            }
            codes = length == codes.length ? Arrays.copyOf(codes, 2 * length) : codes;
            codes[length++] = (byte) code;
            return true;
        }

        byte[] taken() {
            var taken = Arrays.copyOf(codes, length);
            length = 0;
            return taken;
        }
    }

    private FastaFile(Path file) {
        this.problem = new FileProblem(file);
        boolean gzip = Unpacked.isGzip(file);
        var held = new Held(problem);
        try (var all = new FastaScan(problem, Unpacked.open(file))) {
            var names = new HashSet<String>();
            for (var name = all.header(); !name.isEmpty(); name = all.header()) {
                long line = all.line() - 1;
                long position = all.position();
                long bases = all.sequence(code -> !gzip || held.add(code));
                if (bases == 0 || !names.add(name) || entries.size() == MAX_SEQUENCES) {
                    throw problem.atLine(
                            line,
                            bases == 0
                                    ? "the sequence has no base; leave it out"
                                    : entries.size() == MAX_SEQUENCES
                                            ? "there are more than " + MAX_SEQUENCES + " sequences; split the file"
                                            : "the sequence has the name of an earlier one; rename one");
                }
                entries.add(new Entry(name, bases, position, gzip ? held.taken() : null));
            }
        }
        if (entries.isEmpty()) {
            throw problem.of("it holds no sequence; a sequence begins with a line of > and its name");
        }
    }

    /**
     * Reads everything once, keeping names, lengths and places, of a compressed file the bases.
     *
     * @throws fedbiomed.vocabulary.FedbiomedException DATA_UNFIT naming the line and the remedy, and no sequence, if the
     *     file is no FASTA file of nucleotides, is damaged, or has a name twice; DATASET_CHANGED if there is none
     */
    public static FastaFile open(Path file) {
        return new FastaFile(file);
    }

    /** The names, up to the first blank, in the file's order: they may be patients, so that no message may hold one. */
    public List<String> names() {
        return entries.stream().map(Entry::name).toList();
    }

    /** How many letters a sequence has. */
    public long length(int sequence) {
        return entries.get(sequence).bases();
    }

    /** How many bytes {@link #kmers} writes: 4 for each of {@code 4^k}. */
    public static long kmersSizeBytes(int k) {
        if (k < 1 || k > MAX_K) {
            throw new IllegalArgumentException("k-mers have 1 to " + MAX_K + " bases, not " + k);
        }
        return (long) Float.BYTES << 2 * k;
    }

    /**
     * Counts all k-mers of a sequence, overlapping ones too; those with an unknown base are left out. Strands are not
     * joined: a k-mer and its reverse complement are two.
     *
     * @param into F32 {@code [4^k]} in the machine's byte order: AA..A, AA..C, AA..G, AA..T and so on
     */
    public void kmers(int sequence, int k, MemorySegment into) {
        var counts = new int[(int) (kmersSizeBytes(k) / Float.BYTES)];
        int mask = counts.length - 1;
        var state = new int[2];
        read(sequence, code -> {
            state[0] = code == Bases.UNKNOWN ? 0 : (state[0] << 2 | code) & mask;
            state[1] = code == Bases.UNKNOWN ? 0 : state[1] + (state[1] < k ? 1 : 0);
            if (state[1] == k) {
                counts[state[0]]++;
            }
            return true;
        });
        for (int i = 0; i < counts.length; i++) {
            into.set(ValueLayout.JAVA_FLOAT_UNALIGNED, (long) Float.BYTES * i, counts[i]);
        }
    }

    /**
     * Writes the first {@code length} bases of a sequence as four rows of ones and zeros. Unknown bases are zeros in all
     * rows, and so is what lies after a shorter sequence's end; what lies beyond {@code length} is left out (see
     * {@link #length(int)}).
     *
     * @param into F32 {@code [4, length]} in the machine's byte order, rows A, C, G and T
     */
    public void oneHot(int sequence, int length, MemorySegment into) {
        into.asSlice(0, 4L * length * Float.BYTES).fill((byte) 0);
        var at = new int[1];
        read(sequence, code -> {
            if (code != Bases.UNKNOWN) {
                into.set(ValueLayout.JAVA_FLOAT_UNALIGNED, ((long) code * length + at[0]) * Float.BYTES, 1);
            }
            return ++at[0] < length;
        });
    }

    private void read(int sequence, FastaScan.Sink sink) {
        var entry = entries.get(sequence);
        if (entry.held() == null) {
            try (var one = new FastaScan(problem, from(entry.position()))) {
                one.sequence(sink);
            }
            return;
        }
        for (byte code : entry.held()) {
            if (!sink.base(code)) {
                return;
            }
        }
    }

    private InputStream from(long position) {
        try {
            var channel = Files.newByteChannel(problem.file());
            channel.position(position);
            return Channels.newInputStream(channel);
        } catch (IOException e) {
            throw problem.unreadable(e);
        }
    }
}
