package fedbiomed.benchmarks;

import fedbiomed.vocabulary.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a sender must do with each byte of a file, each thing alone, in a JVM that has done nothing before: two SHA-256 (of
 * what is plain, of what is sealed), AES-256-GCM in segments of 8 KiB (the seal) and of 16 KiB (TLS records). Prints the
 * seconds of all together. A receiver does as much.
 */
final class MandatoryPasses {
    private static final double NANOS = 1e9;
    private static final int BUFFER = 1 << 18;
    private static final int SEAL_BYTES = 8 << 10;
    private static final int RECORD_BYTES = 16 << 10;
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private MandatoryPasses() {}

    /** What is done with a piece of the file. */
    private interface Pass {
        void on(byte[] bytes, int length) throws GeneralSecurityException;
    }

    /** @param args the file */
    static void main(String[] args) throws IOException, GeneralSecurityException {
        var file = Path.of(args[0]);
        var digest = Sha256.digest();
        double hash = seconds(file, (bytes, length) -> digest.update(bytes, 0, length));
        double seal = seconds(file, encryption(SEAL_BYTES));
        double records = seconds(file, encryption(RECORD_BYTES));
        System.out.println(2 * hash + seal + records);
    }

    private static double seconds(Path file, Pass pass) throws IOException, GeneralSecurityException {
        var buffer = new byte[BUFFER];
        long start = System.nanoTime();
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read > 0; read = in.read(buffer)) {
                pass.on(buffer, read);
            }
        }
        return (System.nanoTime() - start) / NANOS;
    }

    private static Pass encryption(int segment) throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        var key = new SecretKeySpec(new byte[KEY_BYTES], "AES");
        var out = new byte[segment + TAG_BITS / Byte.SIZE];
        var number = new long[1];
        return (bytes, length) -> {
            for (int at = 0; at < length; at += segment) {
                var nonce =
                        ByteBuffer.allocate(NONCE_BYTES).putLong(0, number[0]++).array();
                cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, nonce));
                cipher.doFinal(bytes, at, Math.min(segment, length - at), out, 0);
            }
        };
    }
}
