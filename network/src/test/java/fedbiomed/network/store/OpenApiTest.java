package fedbiomed.network.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import fedbiomed.network.enrolment.CaPassphrase;
import fedbiomed.network.enrolment.CertificateAuthority;
import fedbiomed.network.enrolment.Enrolment;
import fedbiomed.network.enrolment.PartyRegister;
import fedbiomed.network.enrolment.ServerIdentity;
import fedbiomed.network.limit.Limits;
import fedbiomed.protocol.audit.AuditLog;
import fedbiomed.protocol.audit.AuditTally;
import fedbiomed.protocol.transport.FederationAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenApiTest {
    @TempDir
    Path home;

    @Test
    void everyRouteIsDescribedAndEveryDescribedRouteIsThere() throws Exception {
        var clock = Clock.systemUTC();
        var random = new SecureRandom();
        var ca = CertificateAuthority.create(home, CaPassphrase.of(home, "ca-passphrase", Map.of()), clock, random);
        var audit = AuditLog.ofNetwork(home, clock);
        try (var counted = new AuditTally(audit, AuditTally.WINDOW);
                var register = PartyRegister.open(home, clock);
                var store = new FolderStore(
                        home.resolve("store"),
                        new FolderStore.Limits(1, 1, 1, 1, Duration.ZERO, Duration.ZERO),
                        clock);
                var api = ParameterStoreApi.start(
                        "127.0.0.1",
                        0,
                        Duration.ofSeconds(5),
                        Limits.DEFAULTS,
                        ServerIdentity.ready(home, ca, List.of("localhost"), clock),
                        register,
                        new Enrolment(ca, register, clock, random, audit),
                        new ParameterStoreApi.Parts(
                                store,
                                audit,
                                counted,
                                new Metrics(),
                                "test",
                                "e",
                                () -> new FederationAddress("localhost", 1, "localhost", 1),
                                () -> {},
                                clock))) {
            var served = new TreeSet<String>();
            api.app().unsafe.internalRouter.allHttpHandlers().stream()
                    .filter(h -> h.endpoint.method.isHttpMethod())
                    .forEach(h -> served.add(
                            h.endpoint.method.name().toLowerCase(java.util.Locale.ROOT) + " " + h.endpoint.path));
            var described = new TreeSet<String>();
            try (var in = ParameterStoreApi.class.getResourceAsStream("openapi.yaml")) {
                new YAMLMapper()
                        .readTree(in)
                        .path("paths")
                        .properties()
                        .forEach(path -> path.getValue().fieldNames().forEachRemaining(method -> {
                            if (!method.equals("parameters")) {
                                described.add(method + " " + path.getKey());
                            }
                        }));
            }
            assertThat(served).isEqualTo(described).hasSize(9);
        }
    }
}
