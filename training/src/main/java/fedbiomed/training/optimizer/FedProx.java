package fedbiomed.training.optimizer;

import fedbiomed.parameters.Parameters;
import java.util.List;

/**
 * FedProx's proximal term: mu (w - w_incoming) is added to every gradient (Li et al., "Federated Optimization in
 * Heterogeneous Networks", MLSys 2020).
 */
public final class FedProx implements Correction {
    private final Elementwise elementwise = new Elementwise();
    private final double mu;
    private final Parameters incoming;

    /** @param incoming must stay readable */
    public FedProx(double mu, Parameters incoming) {
        this.mu = mu;
        this.incoming = incoming;
    }

    @Override
    public void on(List<Gradient> gradients) {
        for (var gradient : gradients) {
            elementwise.apply(
                    (x, n) -> {
                        for (int i = 0; i < n; i++) {
                            x[0][i] += mu * (x[1][i] - x[2][i]);
                        }
                    },
                    gradient.changed(),
                    gradient.weight(),
                    Operand.of(incoming.get(gradient.name())));
        }
    }
}
