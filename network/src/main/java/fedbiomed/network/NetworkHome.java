package fedbiomed.network;

import fedbiomed.network.broker.MosquittoConfig;
import fedbiomed.network.enrolment.CaPassphrase;
import fedbiomed.network.enrolment.CertificateAuthority;
import fedbiomed.network.enrolment.Enrolment;
import fedbiomed.network.enrolment.PartyRegister;
import fedbiomed.network.enrolment.RegisteredParty;
import fedbiomed.network.enrolment.ServerIdentity;
import fedbiomed.protocol.audit.AuditLog;
import fedbiomed.protocol.home.AtomicFiles;
import fedbiomed.protocol.transport.Invitation;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Json;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** A Network's home as its administrator's commands see it, whether the Network is running or not. */
public final class NetworkHome implements AutoCloseable {
    private static final int MAX_PORTS_BYTES = 1024;

    private final Path home;
    private final NetworkConfig config;
    private final CertificateAuthority ca;
    private final PartyRegister register;
    private final Enrolment enrolment;
    private final Clock clock;

    private NetworkHome(Path home, NetworkConfig config, CaPassphrase passphrase, Clock clock) {
        var random = new SecureRandom();
        this.home = home;
        this.config = config;
        this.clock = clock;
        this.ca = CertificateAuthority.load(home, passphrase, clock, random);
        this.register = PartyRegister.open(home, clock);
        this.enrolment = new Enrolment(ca, register, clock, random, AuditLog.ofNetwork(home, clock));
    }

    /** @throws FedbiomedException when it is no Network's home */
    public static NetworkHome open(Path home, Map<String, String> environment, Clock clock) {
        return open(home, environment, clock, UnaryOperator.identity());
    }

    /** As above; {@code passphrase} may add another way to the one of the CA's key: to ask a person, when it is needed. */
    public static NetworkHome open(
            Path home, Map<String, String> environment, Clock clock, UnaryOperator<CaPassphrase> passphrase) {
        var config = NetworkConfig.read(home, environment);
        return new NetworkHome(
                home, config, passphrase.apply(CaPassphrase.of(home, config.caPassphraseFile(), environment)), clock);
    }

    /** @throws FedbiomedException when it is no Network's home */
    public static AuditLog audit(Path home, Map<String, String> environment, Clock clock) {
        NetworkConfig.read(home, environment);
        return AuditLog.ofNetwork(home, clock);
    }

    public NetworkConfig config() {
        return config;
    }

    public Invitation invite(Role role, PartyId party, Duration validity) {
        return enrolment.invite(role, party, validity, config.hosts().getFirst(), storePort());
    }

    public List<RegisteredParty> parties() {
        return register.parties();
    }

    /** Whether a Network of this home runs, in this process or another. */
    public boolean isRunning() {
        return HomeLock.isTaken(home);
    }

    /** Opens the CA's key, as a start of the Network does. @throws FedbiomedException when it cannot */
    public void requireAuthorityKey() {
        ca.requireKey();
    }

    /** Whether the CA's key is of no use to whoever copies the folder. */
    public boolean isAuthorityKeyEncrypted() {
        return ca.isEncrypted();
    }

    public Instant authorityExpires() {
        return ca.certificate().getNotAfter().toInstant();
    }

    /** A running Network ends the party's connections within a second. @return whether the party had access */
    public boolean revoke(PartyId party) {
        return enrolment.revoke(party);
    }

    /** Writes Mosquitto's files into {@code folder}. */
    public void writeMosquitto(Path folder) {
        try {
            mosquitto(config).write(folder, ServerIdentity.ready(home, ca, config.hosts(), clock), ca, register);
        } catch (IOException e) {
            throw new FedbiomedException(
                    ErrorCode.INTERNAL, "the server's certificate cannot be made ready: " + e.getMessage(), e);
        }
    }

    /** What would be written as {@code mosquitto.conf} into {@code folder}. */
    public String mosquittoText(Path folder) {
        return mosquitto(config).configuration(folder.toAbsolutePath());
    }

    static MosquittoConfig mosquitto(NetworkConfig config) {
        return new MosquittoConfig(
                config.broker().externalPort(),
                config.maxMessage(),
                config.inbox().messages(),
                config.inbox().size(),
                config.limits().allConnections(),
                config.sessionExpiry());
    }

    private int storePort() {
        if (config.storePort() != 0) {
            return config.storePort();
        }
        var file = home.resolve(RunningPorts.FILE);
        try {
            if (Files.exists(file)) {
                return Json.MAPPER
                        .readValue(AtomicFiles.readBounded(file, MAX_PORTS_BYTES), RunningPorts.class)
                        .storePort();
            }
        } catch (IOException e) {
            throw new FedbiomedException(
                    ErrorCode.INTERNAL, file + " cannot be read (" + e.getMessage() + "); start the Network again", e);
        }
        throw new FedbiomedException(
                ErrorCode.BUSY,
                "the Network's port is not known before it has started (store_port is 0); start it, or set store_port");
    }

    @Override
    public void close() {
        register.close();
    }
}
