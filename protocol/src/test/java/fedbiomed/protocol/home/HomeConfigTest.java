package fedbiomed.protocol.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.vocabulary.FedbiomedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeConfigTest {
    enum Kind {
        EMBEDDED,
        EXTERNAL
    }

    record Broker(@Explained("Which broker.") Kind kind, int port) {}

    record Settings(
            @Explained("Names of this host.") List<String> hosts,
            int storePort,
            Duration timeToLive,
            DataSize entry,
            String bind,
            Broker broker) {}

    private static final Settings DEFAULTS = new Settings(
            List.of("localhost"),
            8443,
            Duration.ofDays(7),
            DataSize.ofGibibytes(2),
            "0.0.0.0",
            new Broker(Kind.EMBEDDED, 8883));

    @TempDir
    Path home;

    private final HomeConfig<Settings> config = HomeConfig.of("FEDBIOMED_X", DEFAULTS);

    @Test
    void aHomeWithoutAFileHasTheDefaults() {
        assertThat(config.read(home, Map.of())).isEqualTo(DEFAULTS);
    }

    @Test
    void whatIsWrittenIsReadAndExplained() throws Exception {
        var other = new Settings(
                List.of("a.example", "b"),
                1,
                Duration.ofSeconds(90),
                new DataSize(5),
                "yes",
                new Broker(Kind.EXTERNAL, 2));
        config.write(home, other);
        assertThat(config.read(home, Map.of())).isEqualTo(other);
        assertThat(home.resolve("config.yaml"))
                .content()
                .contains(
                        "# Names of this host.\nhosts: [\"a.example\",\"b\"]\n",
                        "time_to_live: 90s\n",
                        "  # Which broker.\n  kind: external\n");
    }

    @Test
    void whatTheFileDoesNotSayHasItsDefaultAndTheEnvironmentOverrides() throws Exception {
        Files.writeString(home.resolve("config.yaml"), "store_port: 9000\nbroker:\n  port: 9\n");
        var read = config.read(
                home,
                Map.of(
                        "FEDBIOMED_X_BROKER_KIND",
                        "external",
                        "FEDBIOMED_X_HOSTS",
                        "x, y",
                        "FEDBIOMED_X_BROKER_PORT",
                        "77",
                        "FEDBIOMED_X_ENTRY",
                        "3 MiB"));
        assertThat(read.storePort()).isEqualTo(9000);
        assertThat(read.broker()).isEqualTo(new Broker(Kind.EXTERNAL, 77));
        assertThat(read.hosts()).containsExactly("x", "y");
        assertThat(read.entry()).isEqualTo(DataSize.ofMebibytes(3));
    }

    @Test
    void anUnknownKeyIsRefusedWithTheNearestKnownOne() throws Exception {
        Files.writeString(home.resolve("config.yaml"), "broker:\n  prot: 9\n");
        assertThatThrownBy(() -> config.read(home, Map.of()))
                .isInstanceOf(FedbiomedException.class)
                .hasMessageContaining("unknown key 'broker.prot'")
                .hasMessageContaining("'broker.port'");
    }

    @Test
    void aValueThatDoesNotFitIsRefusedWithItsKey() throws Exception {
        Files.writeString(home.resolve("config.yaml"), "time_to_live: soon\n");
        assertThatThrownBy(() -> config.read(home, Map.of()))
                .isInstanceOf(FedbiomedException.class)
                .hasMessageContaining("'time_to_live'")
                .hasMessageContaining("7d");
        Files.writeString(home.resolve("config.yaml"), "entry: 5 MB\n");
        assertThatThrownBy(() -> config.read(home, Map.of()))
                .hasMessageContaining("'entry'")
                .hasMessageContaining("MiB");
        Files.writeString(home.resolve("config.yaml"), "- a list\n");
        assertThatThrownBy(() -> config.read(home, Map.of())).hasMessageContaining("keys with values");
        Files.writeString(home.resolve("config.yaml"), "a: [\n");
        assertThatThrownBy(() -> config.read(home, Map.of())).hasMessageContaining("not YAML");
    }
}
