package fedbiomed.protocol.transport;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Role;
import fedbiomed.vocabulary.Text;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;

/** Whom a certificate of the Network's CA is for: the subject's CN is the party, its OU the role. */
public record CertifiedParty(PartyId party, Role role) {
    /** @throws FedbiomedException for a subject that is not exactly one CN and one OU of the right form */
    public static CertifiedParty of(X509Certificate certificate) {
        var subject = certificate.getSubjectX500Principal().getName();
        try {
            return new CertifiedParty(PartyId.of(only("CN", subject)), Role.parse(only("OU", subject)));
        } catch (IllegalArgumentException | InvalidNameException e) {
            throw new FedbiomedException(
                    ErrorCode.UNTRUSTED_SENDER,
                    "the certificate's subject '" + Text.shown(subject)
                            + "' names no party (CN=party, OU=node or researcher); enrol again with a new invitation",
                    e);
        }
    }

    /** The X.500 name of the party, as certificates and requests for them hold it. */
    public String subject() {
        return "CN=" + party + ",OU=" + role.lower();
    }

    private static String only(String type, String subject) throws InvalidNameException {
        var found = new ArrayList<String>();
        for (var rdn : new LdapName(subject).getRdns()) {
            if (rdn.size() != 1) {
                throw new IllegalArgumentException("a name part with several values");
            }
            if (rdn.getType().equalsIgnoreCase(type) && rdn.getValue() instanceof String value) {
                found.add(value);
            }
        }
        if (found.size() != 1) {
            throw new IllegalArgumentException("not exactly one " + type);
        }
        return found.getFirst();
    }
}
