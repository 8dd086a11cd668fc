package fedbiomed.protocol.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import fedbiomed.protocol.home.AtomicFiles;
import fedbiomed.vocabulary.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What took effect while the log could not be written: {@code audit-pending} beside it, without a chain, until the log
 * can be written again. A crash just then may leave an event in both: it is recorded twice, with the same time.
 */
record PendingEvents(Path file) {
    static final String FILE = "audit-pending";

    private static final Logger LOG = LoggerFactory.getLogger(PendingEvents.class);
    private static final int MAX_BYTES = 1 << 20;

    void add(AuditEvent event) throws IOException {
        try (var channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            var bytes = ByteBuffer.wrap((Json.text(event) + "\n").getBytes(StandardCharsets.UTF_8));
            if (channel.size() + bytes.remaining() > MAX_BYTES) {
                throw new IOException("there is no room for more in " + FILE);
            }
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    List<AuditEvent> read() throws IOException {
        if (Files.notExists(file)) {
            return List.of();
        }
        var events = new ArrayList<AuditEvent>();
        for (var line : new String(AtomicFiles.readBounded(file, MAX_BYTES), StandardCharsets.UTF_8)
                .lines()
                .toList()) {
            try {
                events.add(Json.MAPPER.readValue(line, AuditEvent.class));
            } catch (JsonProcessingException _) {
                LOG.error("a line of {} cannot be read, and is left out of the audit log", FILE);
            }
        }
        return events;
    }

    void clear() throws IOException {
        Files.deleteIfExists(file);
    }
}
