package fedbiomed.protocol.transport;

import com.fasterxml.jackson.core.JsonProcessingException;
import fedbiomed.protocol.home.AtomicFiles;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Json;
import fedbiomed.vocabulary.Text;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;

/**
 * Where the Network is: the parameter store's host and port, and the broker's. Kept as
 * {@code transport/federation.json}.
 */
public record FederationAddress(String host, int storePort, String mqttHost, int mqttPort) {
    private static final String FILE = "federation.json";
    private static final int MAX_BYTES = 4096;

    public FederationAddress {
        requireHost(host);
        requireHost(mqttHost);
        requirePort(storePort);
        requirePort(mqttPort);
    }

    /** The store's root, e.g. {@code https://network.example.org:8443}; paths begin with a slash. */
    public URI store() {
        return URI.create("https://" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + storePort);
    }

    public static FederationAddress load(Path home) {
        var file = home.resolve(TransportIdentity.FOLDER).resolve(FILE);
        try {
            return Json.MAPPER.readValue(AtomicFiles.readBounded(file, MAX_BYTES), FederationAddress.class);
        } catch (JsonProcessingException e) {
            throw new FedbiomedException(
                    ErrorCode.BAD_MESSAGE, file + " does not say where the Network is; enrol again", e);
        } catch (IOException e) {
            throw new FedbiomedException(
                    ErrorCode.UNTRUSTED_SENDER,
                    "cannot read " + file + "; ask the Network's administrator for an invitation and enrol with it",
                    e);
        }
    }

    public void save(Path home) throws IOException {
        var folder = home.resolve(TransportIdentity.FOLDER);
        AtomicFiles.createOwnerOnlyFolder(folder);
        AtomicFiles.write(folder.resolve(FILE), Json.bytes(this));
    }

    static String requireHost(String host) {
        if (!host.matches("[A-Za-z0-9]([A-Za-z0-9.:_-]{0,252})|::1?")) {
            throw new IllegalArgumentException("a host is a name or an address, not '" + Text.shown(host) + "'");
        }
        return host;
    }

    static int requirePort(int port) {
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("a port is 1 to 65535, not " + port);
        }
        return port;
    }
}
