package fedbiomed.protocol.transport;

import com.fasterxml.jackson.core.JsonProcessingException;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Json;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Role;
import fedbiomed.vocabulary.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Lets one party enrol once: where the Network is, the SHA-256 of its CA's DER to hold it to, as whom to enrol, and
 * the secret that the Network knows by its hash. Whoever holds the token can enrol as that party: it is handed over
 * like a password.
 *
 * @param secret 32 random bytes as base64url
 * @param expires to the second
 */
public record Invitation(
        String host, int storePort, String caFingerprint, Role role, PartyId party, String secret, Instant expires) {
    /** Names what the text is; the 1 is the form's version. */
    private static final String PREFIX = "fbm1.";

    private static final int MAX_TOKEN_CHARS = 4096;
    private static final int CHECK_CHARS = 8;

    public Invitation {
        FederationAddress.requireHost(host);
        FederationAddress.requirePort(storePort);
        Sha256.require("the CA's fingerprint", caFingerprint);
        if (!secret.matches("[A-Za-z0-9_-]{43}")) {
            throw new IllegalArgumentException("an invitation's secret is 32 bytes as base64url");
        }
    }

    /** JSON with the instant in seconds, so that nothing needs a module for dates. */
    private record Wire(String h, int p, String ca, Role r, PartyId id, String s, long e) {}

    /** One line of letters, digits, {@code .}, {@code -} and {@code _}, with a check against lost characters. */
    public String token() {
        var body = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Json.bytes(
                        new Wire(host, storePort, caFingerprint, role, party, secret, expires.getEpochSecond())));
        return PREFIX + body + "." + check(body);
    }

    /** @throws FedbiomedException for what is not a whole token, or one that is no longer valid at {@code clock}'s time */
    public static Invitation parse(String token, Clock clock) {
        var invitation = decode(token.strip());
        if (!clock.instant().isBefore(invitation.expires())) {
            throw new FedbiomedException(
                    ErrorCode.EXPIRED,
                    "the invitation for " + invitation.party() + " expired at " + invitation.expires()
                            + "; ask the Network's administrator for a new one");
        }
        return invitation;
    }

    private static Invitation decode(String token) {
        if (!token.startsWith(PREFIX) || token.length() > MAX_TOKEN_CHARS) {
            throw new FedbiomedException(
                    ErrorCode.BAD_MESSAGE,
                    "this is not an invitation (one begins with " + PREFIX + " and has at most " + MAX_TOKEN_CHARS
                            + " characters); copy the token that 'network invite' printed");
        }
        int dot = token.lastIndexOf('.');
        var body = token.substring(PREFIX.length(), Math.max(dot, PREFIX.length()));
        if (dot < PREFIX.length() || !token.substring(dot + 1).equals(check(body))) {
            throw damaged(null);
        }
        try {
            var wire = Json.MAPPER.readValue(Base64.getUrlDecoder().decode(body), Wire.class);
            return new Invitation(
                    wire.h(), wire.p(), wire.ca(), wire.r(), wire.id(), wire.s(), Instant.ofEpochSecond(wire.e()));
        } catch (JsonProcessingException e) {
            throw damaged(e);
        } catch (java.io.IOException
                | IllegalArgumentException
                | NullPointerException
                | java.time.DateTimeException e) {
            throw damaged(e);
        }
    }

    private static FedbiomedException damaged(@Nullable Exception cause) {
        var text = "the invitation is cut off or damaged; copy the whole line that 'network invite' printed";
        return cause == null
                ? new FedbiomedException(ErrorCode.BAD_MESSAGE, text)
                : new FedbiomedException(ErrorCode.BAD_MESSAGE, text, cause);
    }

    private static String check(String body) {
        return Sha256.of(body.getBytes(StandardCharsets.US_ASCII)).substring(0, CHECK_CHARS);
    }

    /** Without the secret: an invitation may end up in a log. */
    @Override
    public String toString() {
        return "Invitation[" + role.lower() + " " + party + " at " + host + ":" + storePort + ", expires " + expires
                + "]";
    }
}
