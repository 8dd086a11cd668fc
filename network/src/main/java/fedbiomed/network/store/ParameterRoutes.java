package fedbiomed.network.store;

import fedbiomed.protocol.audit.AuditEvent;
import fedbiomed.protocol.audit.AuditKind;
import fedbiomed.protocol.audit.AuditTally;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Sha256;
import io.javalin.http.Context;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.TreeSet;

/** {@code /v1/parameters/{sha256}}: the parameters that parties leave for one another. */
final class ParameterRoutes {
    static final String PATH = "/v1/parameters/{sha256}";
    static final String RECIPIENTS = "Fedbiomed-Recipients";
    static final String UPLOAD_OFFSET = "Upload-Offset";
    static final int MAX_RECIPIENTS = 1_000;
    private static final int BUFFER_BYTES = 1 << 16;

    private final EntryStore store;
    private final Metrics metrics;
    private final AuditTally counted;

    ParameterRoutes(EntryStore store, Metrics metrics, AuditTally counted) {
        this.counted = counted;
        this.store = store;
        this.metrics = metrics;
    }

    void put(Context context, PartyId sender) throws IOException {
        var hash = hash(context);
        var recipients = recipients(context);
        var range =
                ContentRange.of(context.header("Content-Range"), context.req().getContentLengthLong());
        if (store.share(sender, hash, recipients)) {
            drain(new PacedBody(context.bodyInputStream()), range.length());
            context.status(200);
            return;
        }
        if (range.isQuery()) {
            throw StoreRefusal.notFound();
        }
        try (var upload = store.upload(sender, hash, recipients, range.first(), range.total())) {
            receive(new PacedBody(context.bodyInputStream()), upload, range.length());
            if (upload.held() < range.total()) {
                context.header(UPLOAD_OFFSET, Long.toString(upload.held())).status(202);
                return;
            }
            upload.finish();
            metrics.uploaded(range.total());
            context.status(201);
        }
    }

    private static void receive(InputStream body, EntryStore.Upload upload, long length) throws IOException {
        var buffer = new byte[BUFFER_BYTES];
        long received = 0;
        int filled = 0;
        try {
            // Jetty hands on what one TLS record held: a write to the file takes several
            for (int n = body.read(buffer); n >= 0; n = body.read(buffer, filled, buffer.length - filled)) {
                received += n;
                filled += n;
                if (filled == buffer.length) {
                    filled = 0;
                    upload.write(buffer, 0, buffer.length);
                }
            }
        } finally {
            // also of a connection that broke: the next one goes on after it
            if (filled > 0) {
                upload.write(buffer, 0, filled);
            }
        }
        if (received != length) {
            throw StoreRefusal.badRequest("the body has " + received + " bytes, announced were " + length);
        }
    }

    /** Reads a body that is not needed, so that its sender gets to read the answer. */
    private static void drain(InputStream body, long length) throws IOException {
        var buffer = new byte[BUFFER_BYTES];
        long left = length;
        for (int n = body.read(buffer); n >= 0 && left >= 0; n = body.read(buffer)) {
            left -= n;
        }
    }

    void head(Context context, PartyId reader) {
        var hash = hash(context);
        var entry = store.find(reader, hash);
        if (entry.isPresent()) {
            context.header("Accept-Ranges", "bytes").status(200);
            context.res().setContentLengthLong(entry.get().bytes());
            return;
        }
        var held = store.unfinished(reader, hash);
        if (held.isEmpty()) {
            throw StoreRefusal.notFound();
        }
        context.header(UPLOAD_OFFSET, Long.toString(held.getAsLong())).status(204);
    }

    void get(Context context, PartyId reader) throws IOException {
        var entry = store.find(reader, hash(context)).orElseThrow(StoreRefusal::notFound);
        var range = ByteRange.of(context.header("Range"), entry.bytes());
        long first = range == null ? 0 : range.first();
        long length = range == null ? entry.bytes() : range.length();
        try (var channel = store.open(entry)) {
            context.contentType("application/octet-stream").header("Accept-Ranges", "bytes");
            context.header("Cache-Control", "no-store");
            if (range != null) {
                context.status(206)
                        .header("Content-Range", "bytes " + first + "-" + range.last() + "/" + entry.bytes());
            }
            context.res().setContentLengthLong(length);
            channel.position(first);
            // in ranges, an entry is read as often as anybody likes
            counted.record(AuditEvent.of(AuditKind.ENTRY_READ)
                    .party(reader)
                    .entry(entry.hash())
                    .bytesOut(length)
                    .build());
            send(channel, context.res(), length);
            metrics.downloaded(length);
        }
    }

    private static void send(java.nio.channels.SeekableByteChannel channel, HttpServletResponse response, long length)
            throws IOException {
        var buffer = new byte[BUFFER_BYTES];
        var out = response.getOutputStream();
        for (long left = length; left > 0; ) {
            int n = channel.read(ByteBuffer.wrap(buffer, 0, (int) Math.min(buffer.length, left)));
            if (n < 0) {
                throw new IOException("an entry's file is shorter than its index says");
            }
            out.write(buffer, 0, n);
            left -= n;
        }
    }

    void delete(Context context, PartyId sender) throws IOException {
        if (!store.drop(sender, hash(context))) {
            throw StoreRefusal.notFound();
        }
        context.status(204);
    }

    private static String hash(Context context) {
        var hash = context.pathParam("sha256");
        if (!Sha256.isHash(hash)) {
            throw StoreRefusal.badRequest(
                    "an entry's name is the SHA-256 of its bytes, as 64 lower-case hexadecimal digits");
        }
        return hash;
    }

    private static Set<PartyId> recipients(Context context) {
        var header = context.header(RECIPIENTS);
        if (header == null || header.isBlank()) {
            throw StoreRefusal.badRequest("the header " + RECIPIENTS + " must name who may read the entry (a,b,c)");
        }
        var names = header.split(",", -1);
        if (names.length > MAX_RECIPIENTS) {
            throw StoreRefusal.badRequest(
                    "an upload names at most " + MAX_RECIPIENTS + " recipients; add others by a further PUT");
        }
        var recipients = new TreeSet<PartyId>();
        for (var name : names) {
            try {
                recipients.add(PartyId.of(name.strip()));
            } catch (IllegalArgumentException e) {
                throw StoreRefusal.badRequest(RECIPIENTS + ": " + e.getMessage());
            }
        }
        return recipients;
    }
}
