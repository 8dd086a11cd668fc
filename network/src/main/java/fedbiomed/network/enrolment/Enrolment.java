package fedbiomed.network.enrolment;

import fedbiomed.protocol.audit.AuditEvent;
import fedbiomed.protocol.audit.AuditKind;
import fedbiomed.protocol.audit.AuditLog;
import fedbiomed.protocol.transport.CertifiedParty;
import fedbiomed.protocol.transport.Invitation;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Role;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Base64;

/** How a party comes in: invited once, certified once for that, and renewed with the certificate that it has. */
public final class Enrolment {
    private static final int SECRET_BYTES = 32;

    private final CertificateAuthority ca;
    private final PartyRegister register;
    private final Clock clock;
    private final SecureRandom random;
    private final AuditLog audit;

    public Enrolment(
            CertificateAuthority ca, PartyRegister register, Clock clock, SecureRandom random, AuditLog audit) {
        this.audit = audit;
        this.ca = ca;
        this.register = register;
        this.clock = clock;
        this.random = random;
    }

    /** An invitation to the Network whose store is at that host and port, good once and for {@code validity}. */
    public Invitation invite(Role role, PartyId party, Duration validity, String host, int storePort) {
        var bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        var secret = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        var expires = clock.instant().plus(validity).truncatedTo(ChronoUnit.SECONDS);
        register.invite(
                new CertifiedParty(party, role),
                secret,
                expires,
                () -> audit.append(AuditEvent.byOperator(AuditKind.INVITATION_MADE)
                        .party(party)
                        .role(role)
                        .build()));
        return new Invitation(host, storePort, ca.fingerprint(), role, party, secret, expires);
    }

    /** Certifies whoever holds the invitation's secret, for the key that the request proves to hold. */
    public X509Certificate enrol(String secret, String certificateRequestPem) {
        var key = CertificateAuthority.provenKey(certificateRequestPem);
        return register.enrol(secret, who -> {
            var certificate = ca.issue(who, key);
            record(AuditKind.PARTY_ENROLLED, who, certificate);
            return certificate;
        });
    }

    /** A further certificate for a party that has a valid one. */
    public X509Certificate renew(CertifiedParty who, String certificateRequestPem) {
        var certificate = ca.issue(who, CertificateAuthority.provenKey(certificateRequestPem));
        record(AuditKind.CERTIFICATE_RENEWED, who, certificate);
        register.renewed(who, certificate);
        return certificate;
    }

    private void record(AuditKind kind, CertifiedParty who, X509Certificate certificate) {
        audit.append(AuditEvent.of(kind)
                .party(who.party())
                .role(who.role())
                .certificate(certificate.getSerialNumber())
                .build());
    }

    /** Ends the party's access with its certificates and open invitations. @return whether it had any */
    public boolean revoke(PartyId party) {
        return register.revoke(
                party,
                () -> audit.appendNowOrLater(AuditEvent.byOperator(AuditKind.PARTY_REVOKED)
                        .party(party)
                        .build()));
    }

    public X509Certificate caCertificate() {
        return ca.certificate();
    }
}
