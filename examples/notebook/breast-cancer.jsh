// Logistic regression over four simulated hospitals, line by line:
//   fedbiomed jshell examples/notebook/breast-cancer.jsh
import fedbiomed.researcher.aggregator.FedAvg;
import fedbiomed.researcher.experiment.Experiment;
import fedbiomed.researcher.notebook.Display;
import fedbiomed.simulation.SimulatedFederation;
import fedbiomed.simulation.split.Partition;
import fedbiomed.simulation.split.TableSplit;

Path data = Path.of(System.getProperty("fedbiomed.examples"), "breast-cancer")
Path folder = Files.createTempDirectory("fedbiomed")
SimulatedFederation federation = SimulatedFederation.builder(folder.resolve("federation")).seed(1).open()
federation.addNodes(TableSplit.of(data.resolve("breast-cancer.csv"), 4).partition(Partition.dirichlet(0.5, "diagnosis")), "breast-cancer")

federation.researcher().datasets().print()

Experiment experiment = Experiment.builder(federation.researcher()).
        tags("breast-cancer").
        plan(data.resolve("BreastCancerPlan.java")).
        modelArgs(Map.of("loss", "log_loss", "learning_rate", "constant", "eta0", 0.05)).
        trainingArgs(args -> args.epochs(2).batchSize(8).testRatio(0.25).testOnGlobalUpdates(true)).
        aggregator(new FedAvg()).
        rounds(3).
        seed(42).
        folder(folder.resolve("experiment")).
        build()
experiment.run()
experiment.finalTest().orElseThrow().pooled().forEach((metric, value) -> System.out.printf("%-20s %.4f%n", metric, value))

Files.writeString(folder.resolve("log-loss.svg"), Display.curve(experiment, "log_loss").content())
System.out.println("The report: " + experiment.report())
federation.close()
/exit
