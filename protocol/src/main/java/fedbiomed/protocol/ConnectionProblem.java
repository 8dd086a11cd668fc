package fedbiomed.protocol;

import fedbiomed.protocol.store.ParameterStoreClient;
import fedbiomed.protocol.transport.FederationAddress;
import fedbiomed.protocol.transport.TransportIdentity;
import fedbiomed.vocabulary.FedbiomedException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.time.Clock;
import javax.net.ssl.SSLException;

/**
 * Why a party has no connection to its Network, as far as a question to the parameter store tells.
 *
 * @param lasting whether waiting does not help
 * @param text for a person: what is wrong and what to do
 */
public record ConnectionProblem(boolean lasting, String text) {
    /** Asks the store; takes some seconds where nothing answers. */
    public static ConnectionProblem find(
            ParameterStoreClient store, TransportIdentity transport, FederationAddress address, Clock clock) {
        var where = address.host() + ":" + address.storePort();
        if (!clock.instant().isBefore(transport.expires())) {
            return new ConnectionProblem(
                    true,
                    "the certificate of '" + transport.party() + "' expired at " + transport.expires()
                            + "; ask the Network's administrator for a new invitation and enrol again with it");
        }
        try {
            store.health();
            if (!store.admits()) {
                return new ConnectionProblem(
                        true,
                        "the Network at " + where + " no longer knows the certificate of '" + transport.party()
                                + "': it was revoked or replaced; ask its administrator for a new invitation and enrol"
                                + " again with it");
            }
        } catch (FedbiomedException e) {
            return of(e, where);
        }
        return new ConnectionProblem(
                false,
                "the Network's parameter store answers at " + where + ", but its broker at " + address.mqttHost() + ":"
                        + address.mqttPort() + " does not take '" + transport.party()
                        + "' in; is that port open from here?");
    }

    private static ConnectionProblem of(FedbiomedException failure, String where) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertPathBuilderException || cause instanceof CertPathValidatorException) {
                return new ConnectionProblem(
                        true,
                        "what answers at " + where
                                + " does not show a certificate of the Network that this party enrolled with: it is another"
                                + " Network, somebody stands between, or the Network was made anew. Ask its administrator"
                                + " before you enrol again with a new invitation");
            }
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLException) {
                return new ConnectionProblem(
                        true,
                        "the Network at " + where + " refuses this party's certificate (" + cause.getMessage()
                                + "); if it was revoked or the Network was made anew, ask its administrator for a new"
                                + " invitation and enrol again with it");
            }
        }
        return new ConnectionProblem(false, failure.text());
    }
}
