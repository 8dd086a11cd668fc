package fedbiomed.network.broker;

import fedbiomed.network.enrolment.PartyRegister;
import fedbiomed.protocol.transport.CertifiedParty;
import java.security.Principal;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.Set;
import javax.security.auth.Subject;
import org.apache.activemq.artemis.core.security.CheckType;
import org.apache.activemq.artemis.core.security.Role;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;
import org.apache.activemq.artemis.spi.core.security.ActiveMQSecurityManager5;
import org.apache.activemq.artemis.spi.core.security.jaas.UserPrincipal;
import org.apache.activemq.artemis.utils.CertificateUtil;
import org.jspecify.annotations.Nullable;

/**
 * Artemis's security, from the client's certificate alone: user names and passwords are not looked at. Everything that
 * {@link TopicAccess} does not allow is refused.
 */
final class CertificateSecurity implements ActiveMQSecurityManager5 {
    private final PartyRegister register;
    private final TopicAccess topics;

    CertificateSecurity(PartyRegister register, TopicAccess topics) {
        this.register = register;
        this.topics = topics;
    }

    /** Whom a subject stands for, and by which certificate. */
    private record PartyPrincipal(CertifiedParty who, X509Certificate certificate) implements Principal {
        @Override
        public String getName() {
            return who.party().value();
        }
    }

    /** The certificate that the client showed. */
    static Optional<X509Certificate> certificate(RemotingConnection connection) {
        var chain = CertificateUtil.getCertsFromConnection(connection);
        return chain == null || chain.length == 0 ? Optional.empty() : Optional.of(chain[0]);
    }

    @Override
    public @Nullable Subject authenticate(
            @Nullable String user, @Nullable String password, RemotingConnection connection, @Nullable String domain) {
        // one that expired while it was connected is known still: its last will is to be published
        var certificate = certificate(connection).filter(register::knows);
        if (certificate.isEmpty()) {
            return null;
        }
        var who = CertifiedParty.of(certificate.get());
        var name = who.party().value();
        if (!isClientIdOf(who, connection.getClientID())) {
            return null;
        }
        var subject = new Subject();
        subject.getPrincipals().add(new UserPrincipal(name));
        subject.getPrincipals().add(new PartyPrincipal(who, certificate.get()));
        return subject;
    }

    /**
     * Two parties under one client id would take each other's session. A node has one, its name; a researcher's programs
     * add {@code _} and a suffix each ('_' is in no party's name), so that one does not end the other's connection.
     */
    static boolean isClientIdOf(CertifiedParty who, @Nullable String clientId) {
        var name = who.party().value();
        if (clientId == null || who.role() == fedbiomed.vocabulary.Role.NODE) {
            return name.equals(clientId);
        }
        return clientId.equals(name) || clientId.matches(name + "_[a-z0-9]{1,16}");
    }

    @Override
    public boolean authorize(
            @Nullable Subject subject, Set<Role> roles, CheckType check, @Nullable String addressAndQueue) {
        if (subject == null || addressAndQueue == null) {
            return false;
        }
        for (var principal : subject.getPrincipals(PartyPrincipal.class)) {
            return (register.lastHeld(principal.certificate()) || saysItsPresence(principal, check, addressAndQueue))
                    && allows(principal.who(), check, addressAndQueue);
        }
        return false;
    }

    private boolean saysItsPresence(PartyPrincipal principal, CheckType check, String address) {
        return check == CheckType.SEND
                && topic(address).equals(TopicAccess.presence(principal.who().party()))
                && register.knows(principal.certificate());
    }

    /** An address with an escape or a slash was no plain topic: it keeps what no topic of ours has. */
    private static String topic(String address) {
        return address.indexOf('/') >= 0 ? address : address.replace('.', '/').replace('*', '+');
    }

    private boolean allows(CertifiedParty who, CheckType check, String addressAndQueue) {
        int colons = addressAndQueue.indexOf("::");
        var address = colons < 0 ? addressAndQueue : addressAndQueue.substring(0, colons);
        var topic = topic(address);
        boolean ownQueue = colons < 0
                || addressAndQueue.startsWith(who.party() + ".", colons + 2)
                || addressAndQueue.startsWith(who.party() + "_", colons + 2);
        return switch (check) {
            case SEND -> colons < 0 && topics.mayPublish(who, topic);
            case CREATE_ADDRESS, DELETE_ADDRESS -> topics.mayPublish(who, topic) || topics.maySubscribe(who, topic);
            case CONSUME,
                    CREATE_DURABLE_QUEUE,
                    CREATE_NON_DURABLE_QUEUE,
                    DELETE_DURABLE_QUEUE,
                    DELETE_NON_DURABLE_QUEUE -> ownQueue && topics.maySubscribe(who, topic);
            default -> false;
        };
    }

    /** Only through certificates: there are no users. */
    @Override
    public boolean validateUser(@Nullable String user, @Nullable String password) {
        return false;
    }

    @Override
    public boolean validateUserAndRole(
            @Nullable String user, @Nullable String password, Set<Role> roles, CheckType checkType) {
        return false;
    }
}
