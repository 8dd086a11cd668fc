package fedbiomed.network.enrolment;

import fedbiomed.network.database.Database;
import fedbiomed.protocol.transport.CertifiedParty;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Role;
import fedbiomed.vocabulary.Sha256;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Invitations, parties and their certificates, in {@code network.db}. Shared with other processes: a command that
 * revokes a party is seen here by the next {@link #access}.
 */
public final class PartyRegister implements AutoCloseable {
    private static final List<String> SCHEMA = List.of("""
            CREATE TABLE parties (
                party TEXT PRIMARY KEY, role TEXT NOT NULL, enrolled_at INTEGER NOT NULL, revoked_at INTEGER);
            CREATE TABLE certificates (
                serial TEXT PRIMARY KEY, party TEXT NOT NULL REFERENCES parties (party),
                not_after INTEGER NOT NULL, revoked_at INTEGER);
            CREATE INDEX certificates_of_party ON certificates (party);
            CREATE TABLE invitations (
                secret_hash TEXT PRIMARY KEY, party TEXT NOT NULL, role TEXT NOT NULL,
                expires_at INTEGER NOT NULL, used_at INTEGER);
            """);

    private final Database database;
    private final Clock clock;
    private volatile Access access = new Access(-1, Map.of(), Map.of());

    private PartyRegister(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    public static PartyRegister open(Path home, Clock clock) {
        return new PartyRegister(Database.open(home.resolve("network.db"), SCHEMA), clock);
    }

    /** Who may do something: certificates that are neither revoked nor replaced, by serial, and parties by name. */
    public record Access(long version, Map<BigInteger, CertifiedParty> certificates, Map<PartyId, Role> parties) {
        public boolean has(Role role, PartyId party) {
            return parties.get(party) == role;
        }
    }

    /** What holds now; read again from the file only when someone has written to it. */
    public Access access() {
        if (database.version() != access.version()) {
            access = database.read(PartyRegister::readAccess);
        }
        return access;
    }

    /** What {@link #access} last read: for checks at every message. */
    public Access lastAccess() {
        return access;
    }

    /** Whether the certificate is one that this Network issued, has not revoked, and that has not expired. */
    public boolean holds(X509Certificate certificate) {
        return holds(access(), certificate);
    }

    /** As {@link #holds}, by what {@link #access} last read: for checks at every message. */
    public boolean lastHeld(X509Certificate certificate) {
        return holds(lastAccess(), certificate);
    }

    /** Whether the certificate is one that this Network issued and has not revoked; it may have expired. */
    public boolean knows(X509Certificate certificate) {
        return access().certificates().containsKey(certificate.getSerialNumber());
    }

    private boolean holds(Access access, X509Certificate certificate) {
        return access.certificates().containsKey(certificate.getSerialNumber())
                && clock.instant().isBefore(certificate.getNotAfter().toInstant());
    }

    private static Access readAccess(Handle handle) {
        long version =
                handle.createQuery("PRAGMA data_version").mapTo(Long.class).one();
        var parties = new HashMap<PartyId, Role>();
        handle.createQuery("SELECT party, role FROM parties WHERE revoked_at IS NULL")
                .map((row, _) -> new CertifiedParty(PartyId.of(row.getString(1)), Role.parse(row.getString(2))))
                .forEach(p -> parties.put(p.party(), p.role()));
        var certificates = new HashMap<BigInteger, CertifiedParty>();
        handle.createQuery("SELECT serial, party FROM certificates WHERE revoked_at IS NULL")
                .map((row, _) -> Map.entry(new BigInteger(row.getString(1), 16), PartyId.of(row.getString(2))))
                .forEach(c -> {
                    var role = parties.get(c.getValue());
                    if (role != null) {
                        certificates.put(c.getKey(), new CertifiedParty(c.getValue(), role));
                    }
                });
        return new Access(version, Map.copyOf(certificates), Map.copyOf(parties));
    }

    /** Remembers an invitation by its secret's hash. @param before runs before it is good */
    void invite(CertifiedParty who, String secret, Instant expires, Runnable before) {
        database.write(handle -> {
            var role = roleOf(handle, who.party());
            if (role.isPresent() && role.get() != who.role()) {
                throw new FedbiomedException(
                        ErrorCode.POLICY,
                        who.party() + " is already a " + role.get().lower() + "; choose another name for the "
                                + who.role().lower());
            }
            before.run();
            return handle.execute(
                    "INSERT INTO invitations (secret_hash, party, role, expires_at) VALUES (?, ?, ?, ?)",
                    Sha256.of(secret),
                    who.party().value(),
                    who.role().lower(),
                    expires.getEpochSecond());
        });
    }

    /**
     * Takes the invitation and registers the certificate that {@code issue} makes for its party, as one transaction;
     * the party's earlier certificates are revoked. Nothing is used up when {@code issue} throws.
     *
     * @throws FedbiomedException for an unknown, used or expired secret
     */
    X509Certificate enrol(String secret, Function<CertifiedParty, X509Certificate> issue) {
        var hash = Sha256.of(secret);
        long now = clock.instant().getEpochSecond();
        return database.write(handle -> {
            var invitation = handle.createQuery(
                            "SELECT party, role, expires_at, used_at FROM invitations WHERE secret_hash = ?")
                    .bind(0, hash)
                    .map((row, _) -> new Invited(
                            new CertifiedParty(PartyId.of(row.getString(1)), Role.parse(row.getString(2))),
                            row.getLong(3),
                            row.getString(4)))
                    .findOne()
                    .orElseThrow(() -> new FedbiomedException(
                            ErrorCode.UNTRUSTED_SENDER, "this Network knows no such invitation"));
            if (invitation.usedAt() != null) {
                throw new FedbiomedException(ErrorCode.UNTRUSTED_SENDER, "this invitation was used already");
            }
            if (invitation.expiresAt() <= now) {
                throw new FedbiomedException(ErrorCode.EXPIRED, "this invitation has expired");
            }
            handle.execute("UPDATE invitations SET used_at = ? WHERE secret_hash = ?", now, hash);
            var who = invitation.who();
            handle.execute("""
                    INSERT INTO parties (party, role, enrolled_at) VALUES (?, ?, ?)
                    ON CONFLICT (party) DO UPDATE SET role = excluded.role, enrolled_at = excluded.enrolled_at,
                        revoked_at = NULL
                    """, who.party().value(), who.role().lower(), now);
            revokeCertificates(handle, who.party(), now);
            var certificate = issue.apply(who);
            register(handle, who.party(), certificate);
            return certificate;
        });
    }

    private record Invited(
            CertifiedParty who, long expiresAt, @Nullable String usedAt) {}

    /** Registers a further certificate of a party; its earlier ones stay valid until they expire. */
    void renewed(CertifiedParty who, X509Certificate certificate) {
        database.write(handle -> {
            register(handle, who.party(), certificate);
            return certificate;
        });
    }

    /**
     * Revokes the party with its certificates and open invitations.
     *
     * @param before runs before it takes effect, if the party is there and not yet revoked
     * @return whether it was
     */
    boolean revoke(PartyId party, Runnable before) {
        long now = clock.instant().getEpochSecond();
        return database.write(handle -> {
            handle.execute(
                    "UPDATE invitations SET used_at = ? WHERE party = ? AND used_at IS NULL", now, party.value());
            revokeCertificates(handle, party, now);
            boolean revoked = handle.execute(
                            "UPDATE parties SET revoked_at = ? WHERE party = ? AND revoked_at IS NULL",
                            now,
                            party.value())
                    > 0;
            if (revoked) {
                before.run();
            }
            return revoked;
        });
    }

    public List<RegisteredParty> parties() {
        return database.read(handle -> handle.createQuery("""
                        SELECT p.party, p.role, p.enrolled_at, coalesce(max(c.not_after), 0), p.revoked_at
                        FROM parties p LEFT JOIN certificates c ON c.party = p.party GROUP BY p.party ORDER BY p.party
                        """)
                .map((row, _) -> new RegisteredParty(
                        PartyId.of(row.getString(1)),
                        Role.parse(row.getString(2)),
                        Instant.ofEpochSecond(row.getLong(3)),
                        Instant.ofEpochSecond(row.getLong(4)),
                        row.getString(5) == null ? null : Instant.ofEpochSecond(row.getLong(5))))
                .list());
    }

    /** Those that have no access any more. */
    public List<PartyId> revokedParties() {
        return database.read(handle -> handle.createQuery("SELECT party FROM parties WHERE revoked_at IS NOT NULL")
                .map((row, _) -> PartyId.of(row.getString(1)))
                .list());
    }

    /** Serials of revoked certificates that have not expired, with the time of their revocation: what a CRL holds. */
    public Map<BigInteger, Instant> revokedCertificates() {
        long now = clock.instant().getEpochSecond();
        return database.read(handle -> handle.createQuery(
                        "SELECT serial, revoked_at FROM certificates WHERE revoked_at IS NOT NULL AND not_after > ?")
                .bind(0, now)
                .reduceRows(new HashMap<BigInteger, Instant>(), (map, row) -> {
                    map.put(
                            new BigInteger(row.getColumn("serial", String.class), 16),
                            Instant.ofEpochSecond(row.getColumn("revoked_at", Long.class)));
                    return map;
                }));
    }

    private static Optional<Role> roleOf(Handle handle, PartyId party) {
        return handle.createQuery("SELECT role FROM parties WHERE party = ? AND revoked_at IS NULL")
                .bind(0, party.value())
                .mapTo(String.class)
                .findOne()
                .map(Role::parse);
    }

    private static void register(Handle handle, PartyId party, X509Certificate certificate) {
        handle.execute(
                "INSERT INTO certificates (serial, party, not_after) VALUES (?, ?, ?)",
                certificate.getSerialNumber().toString(16),
                party.value(),
                certificate.getNotAfter().toInstant().getEpochSecond());
    }

    private static void revokeCertificates(Handle handle, PartyId party, long now) {
        handle.execute(
                "UPDATE certificates SET revoked_at = ? WHERE party = ? AND revoked_at IS NULL", now, party.value());
    }

    @Override
    public void close() {
        database.close();
    }
}
