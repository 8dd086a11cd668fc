package fedbiomed.protocol.identity;

import com.fasterxml.jackson.core.JsonProcessingException;
import fedbiomed.protocol.home.AtomicFiles;
import fedbiomed.protocol.home.FileLocks;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Json;
import fedbiomed.vocabulary.PartyId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whom this party trusts, by fingerprint: {@code trust.json} in its home. The running party and the commands of a
 * person share the file: it is changed under a lock, and read anew when it has changed.
 */
public final class TrustedParties {
    public static final String FILE = "trust.json";
    /** So many strangers are remembered; the broker admits only enrolled parties, so there are few. */
    private static final int MAX_SEEN = 1000;
    /**
     * With as many parties, what they show is not written one by one, each time with all the others: it is gathered while
     * the last was written, and for some times as long.
     */
    private static final int GATHERED_FROM = 100;

    private static final int PAUSE_FOR_EACH_WRITE = 9;

    private static final Logger LOG = LoggerFactory.getLogger(TrustedParties.class);

    private final @Nullable Path file;
    private final Clock clock;
    private final Witness witness;
    private SortedMap<PartyId, Entry> entries = new TreeMap<>();
    /** What parties have shown since the file was written. */
    private final Map<PartyId, Shown> unwritten = new HashMap<>();

    private @Nullable Thread writer;
    /** Which file was read last: every change is a new file, renamed into place. */
    private @Nullable Object lastRead;

    /**
     * @param trusted the fingerprint that a person confirmed, if any
     * @param seen the keys it showed last, if it has written yet
     * @param confirmed the keys of the fingerprint {@code trusted}, once it has shown them; kept whatever is shown later
     */
    public record Entry(
            @Nullable Fingerprint trusted,
            boolean revoked,
            @Nullable PublicKeys seen,
            @Nullable String seenAt,
            @Nullable String decidedAt,
            @Nullable PublicKeys confirmed) {
        private static final Entry NEW = new Entry(null, false, null, null, null, null);

        private static Entry of(
                @Nullable Fingerprint trusted,
                boolean revoked,
                @Nullable PublicKeys seen,
                @Nullable String seenAt,
                @Nullable String decidedAt,
                @Nullable PublicKeys confirmedBefore) {
            var confirmed =
                    belongsTo(trusted, seen) ? seen : belongsTo(trusted, confirmedBefore) ? confirmedBefore : null;
            return new Entry(trusted, revoked, seen, seenAt, decidedAt, confirmed);
        }

        private static boolean belongsTo(@Nullable Fingerprint fingerprint, @Nullable PublicKeys keys) {
            return keys != null && keys.fingerprint().equals(fingerprint);
        }

        /** The keys to seal for: of a trusted party only those that a person confirmed, of another those it showed. */
        private Optional<PublicKeys> sealingKeys() {
            return Optional.ofNullable(trusted == null ? seen : belongsTo(trusted, seen) ? seen : confirmed);
        }

        public TrustState state() {
            if (revoked) {
                return TrustState.REVOKED;
            }
            if (trusted == null) {
                return TrustState.SEEN;
            }
            return seen == null || seen.fingerprint().equals(trusted) ? TrustState.TRUSTED : TrustState.KEY_CHANGED;
        }
    }

    private record Shown(PublicKeys keys, String at) {
        private Entry over(@Nullable Entry known) {
            var old = known == null ? Entry.NEW : known;
            return Entry.of(old.trusted(), old.revoked(), keys, at, old.decidedAt(), old.confirmed());
        }
    }

    private record Stored(SortedMap<String, Entry> parties) {}

    /** Hears of a person's decision before it takes effect, and can keep it from doing so by an exception. */
    public interface Witness {
        /** @param trusted {@code null}: the trust is withdrawn */
        void decides(PartyId party, @Nullable Fingerprint trusted);
    }

    public TrustedParties(Path home, Clock clock) {
        this(home, clock, (_, _) -> {});
    }

    public TrustedParties(Path home, Clock clock, Witness witness) {
        this(clock, witness, home.resolve(FILE));
    }

    private TrustedParties(Clock clock, Witness witness, @Nullable Path file) {
        this.file = file;
        this.clock = clock;
        this.witness = witness;
    }

    /** Nobody yet; kept nowhere, for parties that are made anew with each program. */
    public static TrustedParties inMemory(Clock clock) {
        return new TrustedParties(clock, (_, _) -> {}, null);
    }

    /** What is known of one party; {@code null}: nothing. */
    public synchronized @Nullable Entry entry(PartyId party) {
        var written = current().get(party);
        var shown = unwritten.get(party);
        return shown == null ? written : shown.over(written);
    }

    public synchronized SortedMap<PartyId, Entry> entries() {
        var all = new TreeMap<>(current());
        unwritten.forEach((party, shown) -> all.put(party, shown.over(all.get(party))));
        return all;
    }

    /** What is to be thought of {@code party} showing {@code keys}. */
    public TrustState state(PartyId party, PublicKeys keys) {
        var entry = entry(party);
        if (entry == null) {
            return TrustState.UNKNOWN;
        }
        if (entry.revoked()) {
            return TrustState.REVOKED;
        }
        if (entry.trusted() == null) {
            return TrustState.SEEN;
        }
        return entry.trusted().equals(keys.fingerprint()) ? TrustState.TRUSTED : TrustState.KEY_CHANGED;
    }

    /**
     * The keys to seal for {@code party}: of a trusted party those of the fingerprint that a person confirmed, whatever
     * was shown in its name since; of another those that it showed last. Empty if they are not known (yet).
     */
    public Optional<PublicKeys> sealingKeys(PartyId party) {
        var entry = entry(party);
        return entry == null ? Optional.empty() : entry.sealingKeys();
    }

    /** Remembers that {@code party} has shown {@code keys}, so that a person can compare and decide. */
    public synchronized void seen(PartyId party, PublicKeys keys) {
        var known = entry(party);
        int parties = current().size();
        if (known == null ? parties + unwritten.size() >= MAX_SEEN : keys.equals(known.seen())) {
            return;
        }
        unwritten.put(party, new Shown(keys, now()));
        if (file == null || parties < GATHERED_FROM) {
            change(UnaryOperator.identity());
        } else if (writer == null) {
            writer = Thread.ofVirtual().name("trust").start(this::writeShown);
        }
    }

    private void writeShown() {
        try {
            do {
                long begun = System.nanoTime();
                change(UnaryOperator.identity());
                TimeUnit.NANOSECONDS.sleep(PAUSE_FOR_EACH_WRITE * (System.nanoTime() - begun));
            } while (!isWritten());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("what parties have shown could not be written; it is tried again when another does", e);
            synchronized (this) {
                writer = null;
            }
        }
    }

    /** Then the next who shows something needs another writer. */
    private synchronized boolean isWritten() {
        if (!unwritten.isEmpty()) {
            return false;
        }
        writer = null;
        return true;
    }

    /** A person has compared {@code fingerprint} with what {@code party} reads out. */
    public void trust(PartyId party, Fingerprint fingerprint) {
        trust(Map.of(party, fingerprint));
    }

    /** As {@link #trust(PartyId, Fingerprint)}, of a list that a person has compared. */
    public void trust(Map<PartyId, Fingerprint> list) {
        change(entries -> {
            list.forEach((party, fingerprint) -> {
                var old = entries.getOrDefault(party, Entry.NEW);
                witness.decides(party, fingerprint);
                entries.put(party, Entry.of(fingerprint, false, old.seen(), old.seenAt(), now(), old.confirmed()));
            });
            return entries;
        });
    }

    /** @throws FedbiomedException if {@code party} is not known */
    public void revoke(PartyId party) {
        if (entry(party) == null) {
            var known = entries().keySet().stream().map(PartyId::value).collect(Collectors.joining(", "));
            throw new FedbiomedException(
                    ErrorCode.POLICY,
                    "'" + party + "' is not known here; known: " + (known.isEmpty() ? "nobody" : known));
        }
        change(entries -> {
            var old = entries.getOrDefault(party, Entry.NEW);
            witness.decides(party, null);
            entries.put(party, Entry.of(null, true, old.seen(), old.seenAt(), now(), null));
            return entries;
        });
    }

    private String now() {
        return Instant.now(clock)
                .truncatedTo(java.time.temporal.ChronoUnit.SECONDS)
                .toString();
    }

    private synchronized void change(UnaryOperator<SortedMap<PartyId, Entry>> change) {
        var kept = file;
        if (kept == null) {
            entries = change.apply(entries());
        } else {
            change(kept, change);
        }
        unwritten.clear();
    }

    private void change(Path file, UnaryOperator<SortedMap<PartyId, Entry>> change) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            FileLocks.holding(file.resolveSibling(FILE + ".lock"), () -> {
                var changed = change.apply(entries());
                var next = new TreeMap<String, Entry>();
                changed.forEach((party, entry) -> next.put(party.value(), entry));
                AtomicFiles.writeOwnerOnly(file, Json.bytes(new Stored(next)));
                entries = changed;
                lastRead = version(file);
                return next;
            });
        } catch (IOException e) {
            throw new UncheckedIOException("cannot change " + file, e);
        }
    }

    private static Object version(Path file) throws IOException {
        var attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return List.of(String.valueOf(attributes.fileKey()), attributes.lastModifiedTime(), attributes.size());
    }

    private synchronized SortedMap<PartyId, Entry> current() {
        var file = this.file;
        if (file == null) {
            return entries;
        }
        try {
            if (!Files.exists(file)) {
                return entries;
            }
            var version = version(file);
            if (!version.equals(lastRead)) {
                var read = new TreeMap<PartyId, Entry>();
                Json.MAPPER
                        .readValue(Files.readAllBytes(file), Stored.class)
                        .parties()
                        .forEach((party, entry) -> read.put(PartyId.of(party), entry));
                entries = read;
                lastRead = version;
            }
            return entries;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(
                    file + " is damaged; restore it from a backup, or remove it and trust again", e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
