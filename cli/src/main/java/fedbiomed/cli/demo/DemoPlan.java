package fedbiomed.cli.demo;

import java.nio.file.Files;
import java.nio.file.Path;

/** Which of the example's plans the demo trains. */
enum DemoPlan {
    LINEAR("BreastCancerPlan", "experiment.yaml"),
    TORCH("BreastCancerNet", "experiment-torch.yaml");

    private final String className;
    private final String experiment;

    DemoPlan(String className, String experiment) {
        this.className = className;
        this.experiment = experiment;
    }

    String className() {
        return className;
    }

    Path file() {
        return examples().resolve(className + ".java");
    }

    Path experimentFile() {
        return examples().resolve(experiment);
    }

    /** The example's folder: beside the launcher, which says where, or under the working folder. */
    static Path examples() {
        var folder =
                Path.of(System.getProperty("fedbiomed.examples", "examples")).resolve("breast-cancer");
        if (!Files.isDirectory(folder)) {
            throw new IllegalStateException("the example's data are not at " + folder.toAbsolutePath()
                    + "; run the demo by the launcher './fedbiomed' of the source folder");
        }
        return folder;
    }
}
