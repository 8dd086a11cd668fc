package fedbiomed.benchmarks;

import fedbiomed.protocol.identity.Identity;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a round cannot do without: how often each thing is done, times what it costs alone in a warm JVM, over all cores. No
 * framework, no JSON, no scheduling is in it.
 */
final class RoundBudget {
    private static final int WARM = 3_000;
    private static final int MESSAGES = 200;
    private static final int FORCES = 50;
    private static final int PASSES = 20;
    private static final int MESSAGE_BYTES = 2_000;
    private static final int SEGMENT_BYTES = 8 << 10;
    private static final int PAGE_BYTES = 4 << 10;
    private static final double MILLI = 1e6;

    /** A node: a request, its numbers, its answer, the acknowledgement; each signed, sealed, verified and opened once. */
    private static final int MESSAGES_A_NODE = 4;

    /**
     * What is on the disk before the next step may follow. At a node: the request, that it is begun, its use, its answer, the
     * acknowledgement; the audit log's three lines; what came is not taken twice (four messages). At the Network: an entry and
     * its index, an audit line each way. At the researcher: the update and that it came.
     */
    private static final int FORCED_A_NODE = 5 + 3 + 4 + 4 + 2;

    /** The selection, the model and its seal, the entry, the round's five files, the folder. */
    private static final int FORCED_A_ROUND = 10;

    /**
     * SHA-256 over the model: the node hashes what came sealed and opened, and what it sends plain and sealed; the Network
     * what arrives; the researcher what comes sealed and opened.
     */
    private static final int HASHES_A_NODE = 2 + 2 + 1 + 2;

    /** AES-GCM over the model: opened and sealed at the node, opened at the researcher; TLS at either end of both ways and of the third. */
    private static final int CIPHERS_A_NODE = 3 + 2 * 3;

    private RoundBudget() {}

    /** What is measured. */
    private interface Work {
        void once() throws IOException, GeneralSecurityException;
    }

    /** In milliseconds, of {@code nodes} with a model of {@code bytes}. */
    static double millis(Path folder, int nodes, int bytes) throws IOException {
        var identity = Identity.create(PartyId.of("budget"), Files.createDirectory(folder.resolve("budget")));
        var message = new byte[MESSAGE_BYTES];
        var signature = identity.sign(message);
        var sealed = Identity.seal(identity.keys(), message, signature);
        double perMessage = millis(MESSAGES, WARM, () -> {
            identity.sign(message);
            Identity.verifies(identity.keys(), signature, message);
            Identity.seal(identity.keys(), message, signature);
            identity.open(sealed, signature);
        });
        var model = new byte[bytes];
        double hash = millis(PASSES, WARM / PASSES, () -> Sha256.digest().digest(model));
        double cipher = millis(PASSES, WARM / PASSES, () -> encrypt(model));
        double force;
        try (var file =
                FileChannel.open(folder.resolve("forced"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            force = millis(FORCES, FORCES, () -> {
                file.write(ByteBuffer.allocate(PAGE_BYTES));
                file.force(false);
            });
        }
        double sum = nodes
                        * (MESSAGES_A_NODE * perMessage
                                + HASHES_A_NODE * hash
                                + CIPHERS_A_NODE * cipher
                                + FORCED_A_NODE * force)
                + FORCED_A_ROUND * force;
        return sum / Runtime.getRuntime().availableProcessors();
    }

    private static double millis(int times, int warm, Work work) throws IOException {
        try {
            for (int i = 0; i < warm; i++) {
                work.once();
            }
            long start = System.nanoTime();
            for (int i = 0; i < times; i++) {
                work.once();
            }
            return (System.nanoTime() - start) / MILLI / times;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void encrypt(byte[] model) throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        var key = new SecretKeySpec(new byte[32], "AES");
        var out = new byte[SEGMENT_BYTES + 16];
        for (int at = 0; at < model.length; at += SEGMENT_BYTES) {
            var nonce = ByteBuffer.allocate(12).putInt(0, at).array();
            cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(128, nonce));
            cipher.doFinal(model, at, Math.min(SEGMENT_BYTES, model.length - at), out, 0);
        }
    }
}
