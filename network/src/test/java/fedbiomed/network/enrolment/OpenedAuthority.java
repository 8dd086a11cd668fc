package fedbiomed.network.enrolment;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;

/** A CA's key, for tests outside this package. */
public final class OpenedAuthority {
    private OpenedAuthority() {}

    public static PrivateKey key(Path file, String passphrase) throws Exception {
        return AuthorityKey.decrypt(Files.readString(file), passphrase.toCharArray());
    }
}
