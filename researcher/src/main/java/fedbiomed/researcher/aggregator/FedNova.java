package fedbiomed.researcher.aggregator;

import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.util.Map;

/**
 * FedNova (Wang et al., "Tackling the Objective Inconsistency Problem in Heterogeneous Federated Optimization", NeurIPS
 * 2020): changes are divided by how far their steps could carry, so that a participant which makes more steps does not
 * pull the model to its own optimum. {@code x <- x + eta_g tau sum(p_i (y_i - x) / a_i)} with {@code tau = sum(p_i a_i)}.
 * Of plain SGD's {@code k} steps {@code a = k}; with the local momentum {@code rho} it is {@code (k - rho (1 - rho^k) / (1 -
 * rho)) / (1 - rho)}, with FedProx's term {@code (1 - (1 - eta mu)^k) / (eta mu)}.
 *
 * @param momentum of the local optimizer, {@code rho}; 0 unless said
 * @param proximal local learning rate times FedProx's mu, below 1; 0 unless said; not with momentum
 * @param serverLearningRate {@code eta_g}; 1 unless said
 * @param weighting what {@code p_i} is; samples unless said
 */
public record FedNova(double momentum, double proximal, double serverLearningRate, Weighting weighting)
        implements Aggregator {
    public static final String NAME = "fednova";
    static final String MOMENTUM = "momentum";
    static final String PROXIMAL = "proximal";

    public FedNova {
        Argument.requireDecay(MOMENTUM, momentum);
        Argument.requireDecay(PROXIMAL, proximal);
        Argument.requirePositive(Argument.SERVER_LEARNING_RATE, serverLearningRate);
        if (momentum > 0 && proximal > 0) {
            throw new IllegalArgumentException(
                    "aggregator.momentum and aggregator.proximal are not known together; leave one of them out");
        }
    }

    public FedNova() {
        this(0, 0, 1, Weighting.SAMPLES);
    }

    static FedNova of(Args arguments) {
        return new FedNova(
                arguments.real(MOMENTUM, 0),
                arguments.real(PROXIMAL, 0),
                arguments.real(Argument.SERVER_LEARNING_RATE, 1),
                Weighting.in(arguments, Weighting.SAMPLES));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Args arguments() {
        return new Args(Map.of(
                MOMENTUM,
                momentum,
                PROXIMAL,
                proximal,
                Argument.SERVER_LEARNING_RATE,
                serverLearningRate,
                Weighting.ARGUMENT,
                weighting.text()));
    }

    /** The sum of the coefficients with which {@code steps} gradients enter the change, over the learning rate. */
    double reach(long steps) {
        if (momentum > 0) {
            return (steps - momentum * (1 - Math.pow(momentum, steps)) / (1 - momentum)) / (1 - momentum);
        }
        return proximal > 0 ? (1 - Math.pow(1 - proximal, steps)) / proximal : steps;
    }

    @Override
    public Args aggregate(AggregationRound round) {
        var shares = weighting.shares(round.updates());
        var reaches = new double[shares.length];
        double tau = 0;
        for (int u = 0; u < shares.length; u++) {
            var update = round.updates().get(u);
            if (update.updates() == 0) {
                throw new FedbiomedException(
                        ErrorCode.DATA_UNFIT,
                        update.participant() + " made no optimizer step, by which fednova would divide; leave it out");
            }
            reaches[u] = reach(update.updates());
            tau += shares[u] * reaches[u];
        }
        var factors = new double[shares.length];
        for (int u = 0; u < shares.length; u++) {
            factors[u] = serverLearningRate * tau * shares[u] / reaches[u];
        }
        round.foldTrained(view -> view.move(factors, view.next()));
        return Args.NONE;
    }
}
