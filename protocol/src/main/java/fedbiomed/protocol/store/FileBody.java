package fedbiomed.protocol.store;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file's bytes from an offset on, as a request's body of known length. */
final class FileBody {
    private FileBody() {}

    static BodyPublisher from(Path file, long offset, long size, TransferProgress progress) {
        return BodyPublishers.fromPublisher(
                BodyPublishers.ofInputStream(() -> open(file, offset, size, progress)), size - offset);
    }

    private static InputStream open(Path file, long offset, long size, TransferProgress progress) {
        try {
            var in = Files.newInputStream(file);
            in.skipNBytes(offset);
            return new Counted(in, offset, size, progress);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private static final class Counted extends FilterInputStream {
        private final long size;
        private final TransferProgress progress;
        private long done;

        Counted(InputStream in, long offset, long size, TransferProgress progress) {
            super(in);
            this.done = offset;
            this.size = size;
            this.progress = progress;
        }

        @Override
        public int read(byte[] buffer, int start, int length) throws IOException {
            int n = super.read(buffer, start, length);
            if (n > 0) {
                done += n;
                progress.moved(done, size);
            }
            return n;
        }
    }
}
