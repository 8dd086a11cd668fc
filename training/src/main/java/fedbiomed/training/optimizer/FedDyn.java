package fedbiomed.training.optimizer;

import fedbiomed.parameters.Parameters;
import java.util.List;
import java.util.Map;

/**
 * FedDyn's dynamic regulariser (Acar et al., "Federated Learning Based on Dynamic Regularization", ICLR 2021): each
 * gradient gets - h + alpha (w - w_incoming); after training, h becomes h - alpha (w_trained - w_incoming), the gradient
 * of the node's own loss where training ended. h stays at the node, zero at first.
 */
final class FedDyn implements Correction {
    static final String KEPT = "feddyn.gradient";

    private final Elementwise elementwise = new Elementwise();
    private final double alpha;
    private final Parameters incoming;
    private final Vector gradient;

    /** @param gradient h, of the trained tensors */
    FedDyn(double alpha, Parameters incoming, Vector gradient) {
        this.alpha = alpha;
        this.incoming = incoming;
        this.gradient = gradient;
    }

    @Override
    public void on(List<Gradient> gradients) {
        for (var each : gradients) {
            elementwise.apply(
                    (x, n) -> {
                        for (int i = 0; i < n; i++) {
                            x[0][i] += alpha * (x[1][i] - x[2][i]) - x[3][i];
                        }
                    },
                    each.changed(),
                    each.weight(),
                    Operand.of(incoming.get(each.name())),
                    gradient.read(each.name()));
        }
    }

    @Override
    public Map<String, Parameters> finish(Parameters trained) {
        for (var name : gradient.parameters().names()) {
            elementwise.apply(
                    (x, n) -> {
                        for (int i = 0; i < n; i++) {
                            x[0][i] -= alpha * (x[1][i] - x[2][i]);
                        }
                    },
                    gradient.changed(name),
                    Operand.of(trained.get(name)),
                    Operand.of(incoming.get(name)));
        }
        return Map.of();
    }

    @Override
    public Map<String, Vector> kept() {
        return Map.of(KEPT, gradient);
    }
}
