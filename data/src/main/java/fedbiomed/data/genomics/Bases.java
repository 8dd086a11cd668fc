package fedbiomed.data.genomics;

import java.util.Arrays;

/** What the letters of a nucleotide sequence stand for (IUPAC), in either case; U is T. */
final class Bases {
    /** Any letter that is not one of four: N, the other ambiguity codes, X, and gaps. */
    static final int UNKNOWN = 4;

    static final int NO_BASE = -1;
    private static final byte[] CODES = codes();

    private Bases() {}

    private static byte[] codes() {
        var codes = new byte[256];
        Arrays.fill(codes, (byte) NO_BASE);
        put(codes, "RYSWKMBDHVNX", UNKNOWN);
        put(codes, "-.", UNKNOWN);
        put(codes, "A", 0);
        put(codes, "C", 1);
        put(codes, "G", 2);
        put(codes, "TU", 3);
        return codes;
    }

    private static void put(byte[] codes, String letters, int code) {
        for (char letter : letters.toCharArray()) {
            codes[letter] = (byte) code;
            codes[Character.toLowerCase(letter)] = (byte) code;
        }
    }

    /** A, C, G, T: 0 to 3; {@link #UNKNOWN}; {@link #NO_BASE} for what does not belong in a sequence. */
    static int code(int letter) {
        return CODES[letter];
    }
}
