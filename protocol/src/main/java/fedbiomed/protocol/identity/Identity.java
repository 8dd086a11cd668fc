package fedbiomed.protocol.identity;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.google.crypto.tink.HybridDecrypt;
import com.google.crypto.tink.subtle.Ed25519Sign;
import com.google.crypto.tink.subtle.Ed25519Verify;
import com.google.crypto.tink.subtle.X25519;
import fedbiomed.protocol.home.AtomicFiles;
import fedbiomed.vocabulary.Json;
import fedbiomed.vocabulary.PartyId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Optional;

/**
 * A party's long-lived keys, made at {@code init} and never given to anyone: Ed25519 signs every message, X25519 opens
 * what is sealed to the party. In {@code identity.json} of its home, readable by the owner alone.
 */
public final class Identity {
    /** File in a party's home. */
    public static final String FILE = "identity.json";

    public static final int SIGNATURE_BYTES = 64;
    /** What {@link #seal} adds. */
    public static final int SEALING_BYTES = Sealing.OVERHEAD_BYTES;

    private final PartyId party;
    private final PublicKeys keys;
    private final Ed25519Sign signer;
    private final HybridDecrypt opener;

    private record Stored(PartyId party, PublicKeys keys, String signingPrivate, String sealingPrivate) {}

    private Identity(PartyId party, Identity same) {
        this.party = party;
        this.keys = same.keys;
        this.signer = same.signer;
        this.opener = same.opener;
    }

    private Identity(Stored stored) {
        this.party = stored.party();
        this.keys = stored.keys();
        try {
            this.signer = new Ed25519Sign(Base64.getDecoder().decode(stored.signingPrivate()));
            this.opener = Sealing.opener(keys, Base64.getDecoder().decode(stored.sealingPrivate()));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("not an Ed25519 and an X25519 private key that fit the public ones", e);
        }
    }

    /** Makes new keys and stores them. @throws IllegalStateException if the home already has some */
    public static Identity create(PartyId party, Path home) {
        var file = home.resolve(FILE);
        if (Files.exists(file)) {
            throw new IllegalStateException(
                    file + " exists already; a party keeps its keys for life (others trust them)."
                            + " Choose another home, or move that file away if you mean to start anew");
        }
        try {
            var signing = Ed25519Sign.KeyPair.newKeyPair();
            var sealing = X25519.generatePrivateKey();
            var base64 = Base64.getEncoder();
            var stored = new Stored(
                    party,
                    new PublicKeys(
                            base64.encodeToString(signing.getPublicKey()),
                            base64.encodeToString(X25519.publicFromPrivate(sealing))),
                    base64.encodeToString(signing.getPrivateKey()),
                    base64.encodeToString(sealing));
            AtomicFiles.writeOwnerOnly(file, Json.bytes(stored));
            return new Identity(stored);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java cannot make Ed25519 and X25519 keys", e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /** @throws IllegalStateException naming the file where it is missing, unreadable, or readable by others */
    public static Identity load(Path home) {
        var file = home.resolve(FILE);
        if (!Files.exists(file)) {
            throw new IllegalStateException("no keys at " + file + "; make them with 'init'");
        }
        try {
            AtomicFiles.requireOwnerOnly(file);
            return new Identity(Json.MAPPER.readValue(Files.readAllBytes(file), Stored.class));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(file
                    + " is damaged; restore it from a backup, or 'init' anew and tell the others your new fingerprint");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** The same keys under another name, for parties that are one program and one person's: those of a simulation. */
    public Identity named(PartyId other) {
        return new Identity(other, this);
    }

    public PartyId party() {
        return party;
    }

    public PublicKeys keys() {
        return keys;
    }

    /** Ed25519 over {@code bytes}; 64 bytes. */
    public byte[] sign(byte[] bytes) {
        try {
            return signer.sign(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("signing failed", e);
        }
    }

    /** Seals for {@code recipient}, who opens it with the same {@code info}; {@value #SEALING_BYTES} bytes longer then. */
    public static byte[] seal(PublicKeys recipient, byte[] plain, byte[] info) {
        return Sealing.seal(recipient, plain, info);
    }

    /** Opens what was sealed for this party; empty if it was not, or with another {@code info}, or was changed. */
    public Optional<byte[]> open(byte[] sealed, byte[] info) {
        try {
            return Optional.of(opener.decrypt(sealed, info));
        } catch (GeneralSecurityException _) {
            return Optional.empty();
        }
    }

    public static boolean verifies(PublicKeys keys, byte[] signature, byte[] bytes) {
        try {
            new Ed25519Verify(keys.signingBytes()).verify(signature, bytes);
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
