package fedbiomed.network.enrolment;

import fedbiomed.protocol.transport.Pem;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.SecureRandom;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.crypto.util.ScryptConfig;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS8EncryptedPrivateKeyInfoBuilder;
import org.bouncycastle.pkcs.jcajce.JcePKCSPBEInputDecryptorProviderBuilder;
import org.bouncycastle.pkcs.jcajce.JcePKCSPBEOutputEncryptorBuilder;

/**
 * The CA's private key as text: an encrypted PKCS 8 key (RFC 5958) by PBES2 (RFC 8018) with scrypt (RFC 7914) and
 * AES-256-CBC, which {@code openssl pkcs8} reads too.
 */
final class AuthorityKey {
    private static final String ENCRYPTED = "ENCRYPTED PRIVATE KEY";
    /** 16 MiB and some tenths of a second for each guess; more memory (N = 2^15) OpenSSL refuses to read. */
    private static final int SCRYPT_COST = 1 << 14;

    private static final int SCRYPT_BLOCK = 8;
    private static final int SCRYPT_PARALLEL = 5;
    private static final int SALT_BYTES = 16;
    /** For its scrypt: the JDK has none. Not registered for anyone else. */
    private static final Provider SCRYPT = new BouncyCastleProvider();

    private AuthorityKey() {}

    static boolean isEncrypted(String pem) {
        return pem.contains("-----BEGIN " + ENCRYPTED + "-----");
    }

    static String encrypt(PrivateKey key, char[] passphrase, SecureRandom random) {
        try {
            var scrypt = new ScryptConfig.Builder(SCRYPT_COST, SCRYPT_BLOCK, SCRYPT_PARALLEL)
                    .withSaltLength(SALT_BYTES)
                    .build();
            var encryptor = new JcePKCSPBEOutputEncryptorBuilder(scrypt, NISTObjectIdentifiers.id_aes256_CBC)
                    .setProvider(SCRYPT)
                    .setRandom(random)
                    .build(passphrase);
            return Pem.encode(
                    ENCRYPTED,
                    new JcaPKCS8EncryptedPrivateKeyInfoBuilder(key)
                            .build(encryptor)
                            .getEncoded());
        } catch (OperatorCreationException | IOException e) {
            throw new IllegalStateException("the CA's key cannot be encrypted", e);
        }
    }

    /** @throws GeneralSecurityException when the passphrase is not the one that it was encrypted with */
    static PrivateKey decrypt(String pem, char[] passphrase) throws GeneralSecurityException {
        try {
            var key = new PKCS8EncryptedPrivateKeyInfo(
                            Pem.decode(ENCRYPTED, pem).getFirst())
                    .decryptPrivateKeyInfo(new JcePKCSPBEInputDecryptorProviderBuilder()
                            .setProvider(SCRYPT)
                            .build(passphrase));
            return Pem.privateKey(Pem.encode(Pem.PRIVATE_KEY, key.getEncoded()));
        } catch (PKCSException | IOException | IllegalArgumentException e) {
            throw new GeneralSecurityException("the passphrase does not open it, or it is damaged", e);
        }
    }
}
