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
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whom this party trusts, by fingerprint: {@code trust.json} in its home. The running party and the commands of a
 * person share the file: it is changed under a lock, and read anew when it has changed.
 */
public final class TrustedParties {
    public static final String FILE = "trust.json";
    /** So many strangers are remembered; the broker admits only enrolled parties, so there are few. */
    private static final int MAX_SEEN = 1000;

    private final @Nullable Path file;
    private final Clock clock;
    private final Witness witness;
    private SortedMap<PartyId, Entry> entries = new TreeMap<>();
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
    public @Nullable Entry entry(PartyId party) {
        return current().get(party);
    }

    public SortedMap<PartyId, Entry> entries() {
        return new TreeMap<>(current());
    }

    /** What is to be thought of {@code party} showing {@code keys}. */
    public TrustState state(PartyId party, PublicKeys keys) {
        var entry = current().get(party);
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
        var entry = current().get(party);
        return entry == null ? Optional.empty() : entry.sealingKeys();
    }

    /** Remembers that {@code party} has shown {@code keys}, so that a person can compare and decide. */
    public void seen(PartyId party, PublicKeys keys) {
        var known = current().get(party);
        if (known != null && keys.equals(known.seen())) {
            return;
        }
        change(entries -> {
            if (entries.size() < MAX_SEEN || entries.containsKey(party)) {
                var old = entries.getOrDefault(party, Entry.NEW);
                entries.put(
                        party, Entry.of(old.trusted(), old.revoked(), keys, now(), old.decidedAt(), old.confirmed()));
            }
            return entries;
        });
    }

    /** A person has compared {@code fingerprint} with what {@code party} reads out. */
    public void trust(PartyId party, Fingerprint fingerprint) {
        change(entries -> {
            var old = entries.getOrDefault(party, Entry.NEW);
            witness.decides(party, fingerprint);
            entries.put(party, Entry.of(fingerprint, false, old.seen(), old.seenAt(), now(), old.confirmed()));
            return entries;
        });
    }

    /** @throws FedbiomedException if {@code party} is not known */
    public void revoke(PartyId party) {
        if (!current().containsKey(party)) {
            var known = current().keySet().stream().map(PartyId::value).collect(Collectors.joining(", "));
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
            entries = change.apply(new TreeMap<>(entries));
            return;
        }
        change(kept, change);
    }

    private void change(Path file, UnaryOperator<SortedMap<PartyId, Entry>> change) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            FileLocks.holding(file.resolveSibling(FILE + ".lock"), () -> {
                var next = new TreeMap<String, Entry>();
                change.apply(new TreeMap<>(current())).forEach((party, entry) -> next.put(party.value(), entry));
                AtomicFiles.writeOwnerOnly(file, Json.bytes(new Stored(next)));
                return next;
            });
        } catch (IOException e) {
            throw new UncheckedIOException("cannot change " + file, e);
        }
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
            var attributes = Files.readAttributes(file, BasicFileAttributes.class);
            var version = java.util.List.of(
                    String.valueOf(attributes.fileKey()), attributes.lastModifiedTime(), attributes.size());
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
