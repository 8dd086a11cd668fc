package fedbiomed.network.store;

import fedbiomed.network.limit.Limits;
import fedbiomed.network.limit.Rate;
import fedbiomed.protocol.transport.CertifiedParty;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Requests a minute: of each party, and of those without a certificate by their address and all together. */
final class RequestGate {
    private static final String ALL = "all";

    private final Rate<String> parties;
    private final Rate<String> addresses;
    private final Rate<String> strangers;
    private final LongAdder refused = new LongAdder();

    RequestGate(Limits limits) {
        parties = new Rate<>(limits.requestsPerMinute());
        addresses = new Rate<>(limits.strangers().requestsPerMinutePerAddress());
        strangers = new Rate<>(limits.strangers().requestsPerMinute());
    }

    /** @throws StoreRefusal with the time to wait, for a request that is one too many */
    void require(@Nullable X509Certificate certificate, String address) {
        if (certificate != null) {
            var party = CertifiedParty.of(certificate).party().value();
            // a certificate is the CA's word: a party cannot make itself many
            check(parties.ask(party), party + " makes more requests than this Network takes from one party");
            return;
        }
        check(addresses.ask(address), "more requests without a certificate come from " + address + " than are taken");
        check(strangers.ask(ALL), "more requests without a certificate come than are taken");
    }

    private void check(Duration wait, String text) {
        if (!wait.isZero()) {
            refused.increment();
            throw StoreRefusal.tooManyRequests(text, wait);
        }
    }

    /** How many were asked to come later, so far. */
    long refused() {
        return refused.sum();
    }
}
