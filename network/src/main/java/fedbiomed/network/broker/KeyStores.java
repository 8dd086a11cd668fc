package fedbiomed.network.broker;

import fedbiomed.network.enrolment.ServerIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * The Network's key and certificate as files, which is how Artemis takes them. The password that it wants is made for one
 * run; what keeps the files is that nobody else may read them.
 */
record KeyStores(Path keyStore, Path trustStore, String password) {
    private static final int PASSWORD_BYTES = 16;

    static KeyStores write(Path folder, ServerIdentity identity, SecureRandom random) throws IOException {
        var secret = new byte[PASSWORD_BYTES];
        random.nextBytes(secret);
        var stores = new KeyStores(
                folder.resolve("server.p12"),
                folder.resolve("trust.p12"),
                HexFormat.of().formatHex(secret));
        stores.write(identity);
        return stores;
    }

    void write(ServerIdentity identity) throws IOException {
        identity.writeKeyStore(keyStore, password.toCharArray());
        identity.writeTrustStore(trustStore, password.toCharArray());
    }
}
