package fedbiomed.node.command;

import fedbiomed.node.NodeConfig;
import fedbiomed.node.policy.Policy;
import fedbiomed.node.policy.PolicyFile;
import fedbiomed.node.policy.PolicyWords;
import fedbiomed.node.registry.DatasetRegistry;
import fedbiomed.node.yaml.YamlProblem;
import fedbiomed.vocabulary.DatasetDescription;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The policy as the data manager's commands read it: with what is wrong, and what is most likely a mistake. */
final class Policies {
    private Policies() {}

    /** How the policy stands. @param attention what the data manager should know, in sentences */
    record Standing(boolean readable, List<String> attention) {}

    static Standing standing(Path home, DatasetRegistry datasets) {
        var config = NodeConfig.read(home, System.getenv());
        Policy policy;
        try {
            policy = of(home, home.resolve(PolicyFile.FILE), config);
        } catch (FedbiomedException e) {
            return new Standing(false, List.of(e.text()));
        }
        return new Standing(true, attention(policy, config, datasets));
    }

    /** What is most likely a mistake, or must not be forgotten. */
    static List<String> attention(Policy policy, NodeConfig config, DatasetRegistry datasets) {
        var attention = new ArrayList<String>();
        if (!policy.unapprovedPlansFrom().isEmpty()) {
            attention.add("training plans of " + PolicyWords.names(policy.unapprovedPlansFrom())
                    + " run before you have read them (unapproved_plans_from)");
        }
        attention.addAll(unknownDatasets(policy, datasets));
        if (config.minimumSamples() > 0) {
            attention.add("minimum_samples is also in config.yaml (" + config.minimumSamples()
                    + "), where it no longer belongs; where both say it the larger holds. Say it in policy.yaml and"
                    + " remove it there");
        }
        return attention;
    }

    /** What holds at that home by {@code file}. @throws FedbiomedException with the line that is wrong */
    static Policy of(Path home, Path file, NodeConfig config) {
        try {
            return file.equals(home.resolve(PolicyFile.FILE))
                    ? PolicyFile.of(home, config.minimumSamples())
                    : PolicyFile.read(file, config.minimumSamples());
        } catch (YamlProblem e) {
            throw new FedbiomedException(
                    ErrorCode.BAD_MESSAGE,
                    file + ", " + e.text() + ". A node serves no request while its policy is like that; mend it (each"
                            + " key is explained in docs/policy.md)",
                    e);
        }
    }

    /** Whether so few samples are in it that it is offered to nobody. */
    static boolean isTooSmall(Policy policy, DatasetDescription dataset) {
        return dataset.rows() < policy.minimumSamples(dataset.id(), dataset.name());
    }

    /** What the data manager should know of a dataset that is offered to nobody. */
    static Optional<String> tooFew(Path home, DatasetDescription dataset) {
        Policy policy;
        try {
            policy = of(home, home.resolve(PolicyFile.FILE), NodeConfig.read(home, System.getenv()));
        } catch (FedbiomedException e) {
            return Optional.of("ATTENTION: " + e.text());
        }
        return isTooSmall(policy, dataset)
                ? Optional.of("ATTENTION: " + dataset.id() + " has " + dataset.rows()
                        + (dataset.rows() == 1 ? " sample" : " samples") + ", fewer than the "
                        + policy.minimumSamples(dataset.id(), dataset.name())
                        + " of minimum_samples (policy.yaml): no researcher is told of it, and none may use it.")
                : Optional.empty();
    }

    /** Rules for a dataset that is not here protect nothing: a misspelt name leaves the one that was meant open. */
    static List<String> unknownDatasets(Policy policy, DatasetRegistry datasets) {
        var here = datasets.list();
        return policy.namedDatasets().keySet().stream()
                .filter(name -> here.stream()
                        .noneMatch(dataset -> dataset.id().equals(name)
                                || dataset.description().name().equals(name)))
                .map(name -> "the policy has rules for a dataset '" + name
                        + "', and this node shares none of that name or id; compare with 'fedbiomed node dataset list'")
                .toList();
    }
}
