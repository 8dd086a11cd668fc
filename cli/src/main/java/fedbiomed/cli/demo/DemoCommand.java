package fedbiomed.cli.demo;

import fedbiomed.cli.Main;
import fedbiomed.researcher.command.Interruption;
import fedbiomed.researcher.command.RunProgress;
import fedbiomed.vocabulary.Json;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "A whole federation on this machine: a Network, three hospitals, a researcher.",
            "Trains on breast cancer data that differ between the hospitals, and compares the federated model with a model"
                    + " of each hospital alone and with one trained on all rows pooled."
        })
public final class DemoCommand implements Callable<Integer> {
    private static final int MOST_ROUNDS = 200;

    @Option(
            names = "--plan",
            paramLabel = "PLAN",
            description = "linear (logistic regression) or torch (a small network in PyTorch) (default: linear).")
    private DemoPlan plan = DemoPlan.LINEAR;

    @Option(names = "--rounds", paramLabel = "N", description = "Rounds of training (default: ${DEFAULT-VALUE}).")
    private int rounds = 15;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Everything random comes from it (default: ${DEFAULT-VALUE}).")
    private long seed = 42;

    @Option(
            names = "--folder",
            paramLabel = "FOLDER",
            description = "Where everything is put, made anew (default: ${DEFAULT-VALUE}).")
    private Path folder = Path.of("fedbiomed-demo");

    @Option(names = "--keep", description = "Leave the federation running until Ctrl-C, and say what to try next.")
    private boolean keep;

    @Option(names = "--json", description = "End with one line of JSON.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        if (rounds < 1 || rounds > MOST_ROUNDS) {
            throw new ParameterException(
                    spec.commandLine(), "--rounds must be 1 to " + MOST_ROUNDS + ", not " + rounds);
        }
        try (var interruption = Interruption.ofThisThread(
                DemoProcesses.GRACE.plusSeconds(10), "Still busy; what is left ends with this program.")) {
            try {
                run();
            } catch (Exception e) {
                if (!interruption.fired()) {
                    throw e;
                }
                // whatever it was in the middle of fails in its own way when everything is ended
                spec.commandLine().getErr().println("Stopped; no process of the demo is left.");
                spec.commandLine().getErr().flush();
            }
        }
        return 0;
    }

    private void run() throws Exception {
        var out = spec.commandLine().getOut();
        try (var taken = DemoFolder.take(folder);
                var federation = new DemoFederation(taken.path(), new Commands(Main::commandLine));
                var progress = RunProgress.on(out)) {
            var result = new Demo(taken.path(), plan, rounds, seed, federation, out, progress).run();
            if (keep) {
                stayUp(out, taken.path(), federation);
            }
            if (json) {
                out.println(Json.text(result));
                out.flush();
            }
        }
    }

    private static void stayUp(PrintWriter out, Path folder, DemoFederation federation) throws InterruptedException {
        out.println();
        out.println("The federation goes on running; Ctrl-C ends it. In another terminal, try:");
        out.println("  cd " + folder.toAbsolutePath().normalize());
        out.println("  fedbiomed datasets                                              what the hospitals offer");
        out.println("  fedbiomed node dataset show --help                              the data manager's view");
        out.println("  fedbiomed node plan list --home general-hospital                which plans may run there");
        out.println("  fedbiomed run "
                + DemoPlan.LINEAR.experimentFile().toAbsolutePath().normalize());
        out.println("  fedbiomed predict --model model.safetensors --plan "
                + DemoPlan.LINEAR.file().toAbsolutePath().normalize() + " --data data/general-hospital.csv");
        out.println("  fedbiomed doctor");
        out.flush();
        federation.processes().awaitAll(name -> {
            out.println(
                    name + " has ended; its log is " + folder.resolve("logs").resolve(name + ".log"));
            out.flush();
        });
    }
}
