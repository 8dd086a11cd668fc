package fedbiomed.network.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PacedBodyTest {
    private long now;

    /** Gives so many bytes a read, each read after {@code wait}. */
    private PacedBody body(int bytesARead, Duration wait) {
        return new PacedBody(
                new InputStream() {
                    @Override
                    public int read() {
                        throw new AssertionError("read in stretches");
                    }

                    @Override
                    public int read(byte[] buffer, int offset, int length) {
                        now += wait.toNanos();
                        return Math.min(bytesARead, length);
                    }
                },
                () -> now);
    }

    @Test
    void whoSendsByteByByteIsRefused() throws IOException {
        var body = body(1, Duration.ofSeconds(1));
        for (int i = 0; i < PacedBody.GRACE.toSeconds(); i++) {
            assertThat(body.read()).isZero();
        }
        assertThatThrownBy(body::read).isInstanceOf(StoreRefusal.class).hasMessageContaining("256 bytes a second");
    }

    @Test
    void aSlowLineIsServed() throws IOException {
        var body = body(300, Duration.ofSeconds(1));
        var buffer = new byte[1_000];
        for (int i = 0; i < 1_000; i++) {
            assertThat(body.read(buffer)).isEqualTo(300);
        }
    }

    @Test
    void whatTheNetworkTakesForItselfDoesNotCount() throws IOException {
        var body = body(1, Duration.ofMillis(1));
        for (int i = 0; i < 100; i++) {
            assertThat(body.read()).isZero();
            now += Duration.ofMinutes(1).toNanos();
        }
    }
}
