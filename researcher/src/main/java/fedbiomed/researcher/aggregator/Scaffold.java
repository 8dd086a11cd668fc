package fedbiomed.researcher.aggregator;

import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.TrainingArgs;
import java.util.List;
import java.util.Map;

/**
 * SCAFFOLD (Karimireddy et al., "SCAFFOLD: Stochastic Controlled Averaging for Federated Learning", ICML 2020): control
 * variates take the drift of unlike data out of the local steps. Nodes add {@code c - c_i} to every gradient; {@code c_i}
 * stays at the node, and what leaves is its change. With the answers S of N participants: {@code x <- x + eta_g mean(y_i -
 * x)}, {@code c <- c + |S|/N mean(change of c_i)}. Remembers {@code c}, which goes out with {@code x}: twice the bytes of
 * FedAvg each way.
 *
 * @param option how a node's new {@code c_i} comes about: 1, the gradient of all its rows at {@code x}, a further pass
 *     over the data; 2 (unless said), the mean of its gradients on the way
 * @param serverLearningRate {@code eta_g}, over 0; 1 unless said
 * @param weighting of both means; uniform unless said, as in the paper
 */
public record Scaffold(int option, double serverLearningRate, Weighting weighting) implements Aggregator {
    public static final String NAME = "scaffold";
    static final String OPTION = "option";
    static final String CONTROL = "control";
    static final String CHANGE = "control_change";

    public Scaffold {
        Argument.require(option == 1 || option == 2, OPTION, "1 or 2", option);
        Argument.requirePositive(Argument.SERVER_LEARNING_RATE, serverLearningRate);
    }

    public Scaffold() {
        this(2, 1, Weighting.UNIFORM);
    }

    static Scaffold of(Args arguments) {
        return new Scaffold(
                arguments.integer(OPTION, 2),
                arguments.real(Argument.SERVER_LEARNING_RATE, 1),
                Weighting.in(arguments, Weighting.UNIFORM));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Args arguments() {
        return new Args(Map.of(
                OPTION,
                option,
                Argument.SERVER_LEARNING_RATE,
                serverLearningRate,
                Weighting.ARGUMENT,
                weighting.text()));
    }

    @Override
    public TrainingArgs forNodes(TrainingArgs asked) {
        return Argument.corrected(asked, NAME, Map.of(OPTION, option));
    }

    @Override
    public List<String> stateVectors() {
        return List.of(CONTROL);
    }

    @Override
    public List<String> sentVectors() {
        return List.of(CONTROL);
    }

    @Override
    public List<String> receivedVectors() {
        return List.of(CHANGE);
    }

    @Override
    public Args aggregate(AggregationRound round) {
        var weights = weighting.of(round.updates());
        double answered = round.updates().size() / (double) round.participants();
        round.foldTrained(view -> {
            var next = view.next();
            var global = view.global();
            view.mean(weights, next);
            var control = view.nextState(CONTROL);
            var before = view.state(CONTROL);
            view.meanReceived(CHANGE, weights, control);
            for (int i = 0; i < view.size(); i++) {
                next[i] = global[i] + serverLearningRate * (next[i] - global[i]);
                control[i] = before[i] + answered * control[i];
            }
        });
        return Args.NONE;
    }
}
