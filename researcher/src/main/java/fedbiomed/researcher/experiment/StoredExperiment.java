package fedbiomed.researcher.experiment;

import fedbiomed.researcher.Researcher;
import fedbiomed.researcher.aggregator.Aggregator;
import fedbiomed.researcher.strategy.Strategy;
import fedbiomed.training.LoadedPlan;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.nio.file.Path;

/** An experiment that lies in a folder, and may be taken up by this researcher. */
record StoredExperiment(Researcher researcher, ExperimentFolder folder, ExperimentFile arguments, LoadedPlan plan) {
    /** @throws FedbiomedException if {@code root} holds none, another researcher's, or one whose plan was changed */
    static StoredExperiment open(Researcher researcher, Path root) {
        var folder = ExperimentFolder.open(root);
        var arguments = ExperimentYaml.read(root.resolve(ExperimentFolder.ARGUMENTS));
        requireOwn(researcher, root, arguments);
        return new StoredExperiment(researcher, folder, arguments, planOf(arguments));
    }

    private static void requireOwn(Researcher researcher, Path root, ExperimentFile arguments) {
        var begun = arguments.begun();
        if (begun == null) {
            throw new FedbiomedException(
                    ErrorCode.POLICY,
                    root + " holds arguments, but no experiment that has begun; start it with 'fedbiomed run "
                            + root.resolve(ExperimentFolder.ARGUMENTS) + "'");
        }
        if (!begun.researcher().equals(researcher.party())) {
            throw new FedbiomedException(
                    ErrorCode.POLICY,
                    "the experiment in " + root + " is of researcher '" + begun.researcher() + "', and this is '"
                            + researcher.party() + "'; its nodes would not know it");
        }
    }

    private static LoadedPlan planOf(ExperimentFile arguments) {
        var plan = LoadedPlan.open(arguments.plan());
        var begun = arguments.begun();
        if (begun == null || !plan.id().equals(begun.plan())) {
            throw new FedbiomedException(
                    ErrorCode.PLAN_INVALID,
                    "the plan in " + arguments.plan()
                            + ", or an attachment beside it, was changed since the experiment began; put it back, or begin a new experiment");
        }
        return plan;
    }

    /** The experiment of {@code arguments} in {@code where}: this folder, or that of a branch. */
    ExperimentParts parts(ExperimentFile arguments, Aggregator aggregator, Strategy strategy, ExperimentFolder where) {
        return new ExperimentParts(
                researcher,
                arguments,
                plan.source(),
                plan,
                plan.requirements(arguments.modelArgs()),
                aggregator,
                strategy,
                where,
                new ExperimentEvents());
    }
}
