package fedbiomed.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who may import whom: the house of docs/architecture.md. */
class ArchitectureTest {
    private static JavaClasses house;

    @BeforeAll
    static void read() {
        house = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("fedbiomed");
        assertThat(house).as("classes of the house").hasSizeGreaterThan(100);
    }

    @Test
    void everyRoomImportsOnlyTheRoomsThatItMay() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("vocabulary")
                .definedBy("fedbiomed.vocabulary..")
                .layer("parameters")
                .definedBy("fedbiomed.parameters..")
                .layer("data")
                .definedBy("fedbiomed.data..")
                .layer("training")
                .definedBy("fedbiomed.training..")
                .layer("protocol")
                .definedBy("fedbiomed.protocol..")
                .layer("network")
                .definedBy("fedbiomed.network..")
                .layer("node")
                .definedBy("fedbiomed.node..")
                .layer("researcher")
                .definedBy("fedbiomed.researcher..")
                .layer("simulation")
                .definedBy("fedbiomed.simulation..")
                .layer("cli")
                .definedBy("fedbiomed.cli..")
                .whereLayer("vocabulary")
                .mayNotAccessAnyLayer()
                .whereLayer("parameters")
                .mayOnlyAccessLayers("vocabulary")
                .whereLayer("data")
                .mayOnlyAccessLayers("vocabulary", "parameters")
                .whereLayer("training")
                .mayOnlyAccessLayers("vocabulary", "parameters", "data")
                .whereLayer("protocol")
                .mayOnlyAccessLayers("vocabulary", "parameters")
                .whereLayer("network")
                .mayOnlyAccessLayers("vocabulary", "parameters", "protocol")
                .whereLayer("node")
                .mayOnlyAccessLayers("vocabulary", "parameters", "data", "training", "protocol")
                .whereLayer("researcher")
                .mayOnlyAccessLayers("vocabulary", "parameters", "data", "training", "protocol")
                .whereLayer("simulation")
                .mayOnlyAccessLayers("vocabulary", "parameters", "data", "training", "protocol", "node", "researcher")
                .check(house);
    }

    @Test
    void roomsHaveNoCircles() {
        SlicesRuleDefinition.slices()
                .matching("fedbiomed.(*)..")
                .should()
                .beFreeOfCycles()
                .check(house);
    }

    @Test
    void thePlanSideHasNoWayToSpeakToTheWorld() {
        noClasses()
                .that()
                .resideInAPackage("fedbiomed.training..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.net.http..", "com.hivemq..", "io.javalin..", "fedbiomed.protocol..")
                .check(house);
    }

    @Test
    void theNetworkKnowsNothingOfTraining() {
        noClasses()
                .that()
                .resideInAPackage("fedbiomed.network..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.bytedeco..", "fedbiomed.training..", "fedbiomed.data..")
                .check(house);
    }

    @Test
    void onlyTheTorchEngineKnowsPyTorch() {
        noClasses()
                .that()
                .resideOutsideOfPackage("fedbiomed.training.torch..")
                .and()
                // unpacks PyTorch's libraries, in a process of its own, before a sandbox closes
                .doNotHaveFullyQualifiedName("fedbiomed.training.worker.NativesMain")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.bytedeco..")
                .check(house);
    }
}
