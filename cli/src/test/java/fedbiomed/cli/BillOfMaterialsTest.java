package fedbiomed.cli;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.vocabulary.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The build's list of what a hospital gets. */
class BillOfMaterialsTest {
    @Test
    void itListsWhatRunsAndNothingOfTheTests() throws IOException {
        var bom = Json.MAPPER.readTree(Files.readAllBytes(Path.of("target", "fedbiomed", "bom.json")));
        assertThat(bom.path("bomFormat").asText()).isEqualTo("CycloneDX");
        var libraries = new TreeSet<String>();
        for (var component : bom.path("components")) {
            libraries.add(component.path("group").asText() + ":"
                    + component.path("name").asText());
            assertThat(component.path("version").asText()).isNotBlank();
            assertThat(component.path("purl").asText()).startsWith("pkg:maven/");
        }
        assertThat(libraries)
                .contains(
                        "org.bytedeco:pytorch",
                        "org.apache.artemis:artemis-server",
                        "io.javalin:javalin",
                        "com.hivemq:hivemq-mqtt-client",
                        "com.google.crypto.tink:tink",
                        "org.bouncycastle:bcpkix-jdk18on",
                        "org.xerial:sqlite-jdbc",
                        "de.siegmar:fastcsv",
                        "org.duckdb:duckdb_jdbc",
                        "fedbiomed:fedbiomed-node")
                .noneMatch(name -> name.contains("junit") || name.contains("assertj") || name.contains("archunit"));
    }
}
