package fedbiomed.cli.demo;

import static fedbiomed.cli.demo.Hospitals.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import fedbiomed.cli.Main;
import fedbiomed.protocol.transport.FreePorts;
import fedbiomed.researcher.Researcher;
import fedbiomed.researcher.strategy.ManagedStrategy;
import fedbiomed.researcher.strategy.Strategy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A federation whose broker is Mosquitto, from Debian's package, with the configuration that the Network prints. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class MosquittoFederationTest {
    private static final Path MOSQUITTO = Path.of("/usr/sbin/mosquitto");
    private static final String REVOKED = "oncology-centre";
    private static final ManagedStrategy EVERYBODY = Strategy.all().deadline(Duration.ofMinutes(5));

    @TempDir
    Path folder;

    private @Nullable Process mosquitto;
    private int port;

    @AfterEach
    void stopMosquitto() throws InterruptedException {
        if (mosquitto != null) {
            mosquitto.destroy();
            mosquitto.waitFor();
        }
    }

    @Test
    void anExperimentRunsOverMosquittoAndARevokedNodeIsShutOut() throws Exception {
        assumeThat(MOSQUITTO).as("Mosquitto is not installed").isExecutable();
        port = FreePorts.next();
        var files = folder.resolve("mosquitto");
        var pid = folder.resolve("mosquitto.pid");
        try (var hospitals = Hospitals.in(folder)) {
            hospitals
                    .federation()
                    .startNetwork(
                            "--broker",
                            "external",
                            "--broker-port",
                            "" + port,
                            "--broker-config",
                            files.toString(),
                            "--on-change",
                            "test ! -f " + pid + " || kill -HUP $(cat " + pid + ")");
            startMosquitto(files, pid);
            // they come when Mosquitto runs already: it learns of them by being told to read its files anew
            hospitals.enrolAndStart();
            try (var researcher = hospitals.researcher()) {
                trainTwoRounds(hospitals, researcher);
                new Commands(Main::commandLine)
                        .run(
                                "network",
                                "party",
                                "revoke",
                                REVOKED,
                                "--home",
                                folder.resolve("network").toString());
                await("the access list is made anew")
                        .atMost(PATIENCE)
                        .until(() -> !Files.readString(files.resolve("acl")).contains(REVOKED));
                assertRevokedNodeIsShutOut(hospitals);
                var others = hospitals
                        .experiment(researcher, "others", EVERYBODY)
                        .nodes("general-hospital", "screening-centre")
                        .rounds(1)
                        .build();
                others.run();
                assertThat(others.summary(1).accepted()).isEqualTo(2);
            }
        }
    }

    private static void trainTwoRounds(Hospitals hospitals, Researcher researcher) throws InterruptedException {
        var experiment = hospitals
                .experiment(researcher, "over-mosquitto", EVERYBODY)
                .rounds(2)
                .build();
        hospitals.runApproved(experiment);
        assertThat(experiment.summary(2).accepted()).isEqualTo(3);
        var before = experiment.evaluate(experiment.globalModel(0).file()).pooled();
        var after = experiment.evaluate(experiment.globalModel().file()).pooled();
        assertThat(after.get("accuracy")).isGreaterThan(0.9);
        assertThat(after.get("log_loss")).isLessThan(before.get("log_loss"));
    }

    private void assertRevokedNodeIsShutOut(Hospitals hospitals) throws InterruptedException {
        hospitals.federation().processes().kill(REVOKED);
        hospitals.federation().startNode(REVOKED);
        var log = folder.resolve("logs").resolve(REVOKED + ".log");
        await("Mosquitto refuses the certificate")
                .atMost(PATIENCE)
                .until(() -> Files.readString(log).contains("certificate_revoked"));
        assertThat(log).content().doesNotContain("is connected");
    }

    private void startMosquitto(Path files, Path pid) throws IOException {
        new Commands(Main::commandLine)
                .run(
                        "network",
                        "broker-config",
                        "mosquitto",
                        "--home",
                        folder.resolve("network").toString(),
                        "--out",
                        files.toString());
        // where it is started by root it would go on as a user that may not read the key, which is its owner's alone
        var configuration = Files.writeString(
                files.resolve("test.conf"),
                Files.readString(files.resolve("mosquitto.conf")) + "user " + System.getProperty("user.name") + "\n");
        mosquitto = new ProcessBuilder(MOSQUITTO.toString(), "-c", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("mosquitto.log").toFile())
                .start();
        Files.writeString(pid, Long.toString(mosquitto.pid()));
        await("Mosquitto listens").atMost(PATIENCE).until(this::listens);
    }

    private boolean listens() {
        try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }
}
