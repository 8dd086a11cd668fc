package fedbiomed.protocol.store;

import fedbiomed.protocol.message.ParametersRef;
import fedbiomed.protocol.message.SealedRef;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * One pass over a file that seals it: this thread reads, hashes what it reads and seals; another hashes what was sealed and
 * writes it. Both are about as much work, and a model may have 2 GB.
 */
final class FileSealing implements AutoCloseable {
    private static final int CHUNK_SEGMENTS = 32;

    private final byte[] secret;
    private final Path plain;
    private final long plainBytes;
    private final EntryCipher cipher;
    private final InputStream from;
    private final FileChannel to;
    private final MessageDigest plainDigest = Sha256.digest();
    private final MessageDigest sealedDigest = Sha256.digest();
    private final ExecutorService writer = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("sealing").factory());
    private long segment;

    FileSealing(byte[] secret, Path plain, Path target) throws IOException {
        this.secret = secret;
        this.plain = plain;
        this.plainBytes = Files.size(plain);
        this.cipher = EntryCipher.sealing(secret, plainBytes);
        this.from = Files.newInputStream(plain);
        try {
            this.to = FileChannel.open(
                    target, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        } catch (IOException e) {
            from.close();
            writer.close();
            throw e;
        }
    }

    /** @throws FedbiomedException {@code INTERNAL} if the file changes meanwhile */
    SealedRef run() throws IOException {
        var in = new byte[CHUNK_SEGMENTS * EntryCipher.SEGMENT_BYTES];
        // one is filled while the other is written
        var out = new byte[2][CHUNK_SEGMENTS * EntryCipher.SEALED_SEGMENT_BYTES];
        Future<?> written = writer.submit(() -> {});
        long left = plainBytes;
        for (int chunk = 0; chunk == 0 || left > 0; chunk++) {
            int read = from.readNBytes(in, 0, (int) Math.min(left, in.length));
            if (read < Math.min(left, in.length)) {
                throw changed();
            }
            left -= read;
            plainDigest.update(in, 0, read);
            var buffer = out[chunk % 2];
            int length = seal(in, read, buffer);
            await(written);
            written = writer.submit(() -> {
                write(buffer, length);
                return length;
            });
        }
        await(written);
        if (from.read() >= 0) {
            throw changed();
        }
        return new SealedRef(
                new ParametersRef(Sha256.hex(plainDigest.digest()), plainBytes),
                Sha256.hex(sealedDigest.digest()),
                Base64.getEncoder().encodeToString(secret));
    }

    private int seal(byte[] in, int read, byte[] out) {
        try {
            int length = 0;
            // an empty file has one segment
            for (int at = 0; at < read || at == 0; at += EntryCipher.SEGMENT_BYTES) {
                length +=
                        cipher.segment(segment++, in, at, Math.min(EntryCipher.SEGMENT_BYTES, read - at), out, length);
            }
            return length;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("sealing failed", e);
        }
    }

    private void write(byte[] bytes, int length) throws IOException {
        sealedDigest.update(bytes, 0, length);
        var buffer = ByteBuffer.wrap(bytes, 0, length);
        while (buffer.hasRemaining()) {
            to.write(buffer);
        }
    }

    private static void await(Future<?> written) throws IOException {
        try {
            written.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException known ? known : new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FedbiomedException(ErrorCode.CANCELLED, "interrupted", e);
        }
    }

    private FedbiomedException changed() {
        return new FedbiomedException(ErrorCode.INTERNAL, plain + " changed while it was sealed; it was not published");
    }

    @Override
    public void close() throws IOException {
        writer.close();
        try (from;
                to) {
            // both, whatever the first one does
        }
    }
}
