package fedbiomed.training.optimizer;

import fedbiomed.parameters.Auxiliary;
import fedbiomed.parameters.DType;
import fedbiomed.parameters.Parameters;
import java.util.List;
import java.util.Map;

/**
 * SCAFFOLD's control variates (Karimireddy et al., "SCAFFOLD: Stochastic Controlled Averaging for Federated Learning",
 * ICML 2020): each gradient gets + c - c_i. The server's c comes with the model; this node's own c_i stays here, and of
 * it only the change leaves.
 *
 * <p>Option II is the mean of the gradients that were computed on the way, before anything was added to them. For plain
 * SGD with K steps of size eta from x to y this is the paper's c_i - c + (x - y) / (K eta); unlike that formula it needs
 * no step size, so that it holds with any optimizer. Option I is the gradient of the local loss at x, over all training
 * rows. Both are summed in binary64.
 */
final class Scaffold implements Correction {
    static final String KEPT = "scaffold.control";
    /** What comes with the model: c. */
    static final String CONTROL = "control";
    /** What leaves with the trained one: c_i's change. */
    static final String CONTROL_CHANGE = "control_change";

    private final Elementwise elementwise = new Elementwise();
    private final boolean onTheWay;
    private final Parameters model;
    private final Vector own;
    private final Vector difference;
    private final Vector sum;
    private double weight;
    private double nextWeight = 1;

    /**
     * @param option 1 or 2
     * @param model the incoming one
     * @param control c, with all tensors of {@code own}, or none: zero
     * @param own c_i, of the trained tensors
     */
    Scaffold(int option, Parameters model, Parameters control, Vector own) {
        this.onTheWay = option == 2;
        this.model = model;
        this.own = own;
        this.difference = Vector.copy(own.parameters());
        this.sum = Vector.zeros(own.parameters(), DType.F64);
        for (var name : own.parameters().names()) {
            var c = control.tensors().get(name);
            elementwise.apply(
                    (x, n) -> {
                        for (int i = 0; i < n; i++) {
                            x[0][i] = (c == null ? 0 : x[1][i]) - x[0][i];
                        }
                    },
                    difference.changed(name),
                    c == null ? own.read(name) : Operand.of(c));
        }
    }

    @Override
    public GradientHook beforehand() {
        return onTheWay ? NONE : this::sum;
    }

    @Override
    public void weigh(int rows) {
        nextWeight = rows;
    }

    @Override
    public void on(List<Gradient> gradients) {
        if (onTheWay) {
            sum(gradients);
        }
        for (var gradient : gradients) {
            elementwise.apply(
                    (x, n) -> {
                        for (int i = 0; i < n; i++) {
                            x[0][i] += x[1][i];
                        }
                    },
                    gradient.changed(),
                    difference.read(gradient.name()));
        }
    }

    private void sum(List<Gradient> gradients) {
        for (var gradient : gradients) {
            elementwise.apply(
                    (x, n) -> {
                        for (int i = 0; i < n; i++) {
                            x[0][i] += nextWeight * x[1][i];
                        }
                    },
                    sum.changed(gradient.name()),
                    gradient.read());
        }
        weight += nextWeight;
    }

    /** The change is that of the rounded c_i, so that rounding does not add up at the server. */
    @Override
    public Map<String, Parameters> finish(Parameters trained) {
        var change = Vector.zeros(own.parameters());
        var trainedNames = own.parameters().names();
        for (var name : trainedNames) {
            elementwise.apply(
                    (x, n) -> {
                        for (int i = 0; i < n; i++) {
                            x[0][i] = x[1][i];
                            x[1][i] = x[2][i] / weight;
                        }
                    },
                    change.changed(name),
                    own.changed(name),
                    sum.read(name));
            elementwise.apply(
                    (x, n) -> {
                        for (int i = 0; i < n; i++) {
                            x[0][i] = x[1][i] - x[0][i];
                        }
                    },
                    change.changed(name),
                    own.read(name));
        }
        return Map.of(CONTROL_CHANGE, ofTheModel(change));
    }

    @Override
    public Map<String, Vector> kept() {
        return Map.of(KEPT, own);
    }

    /** With a place for every floating tensor, in the model's dtypes. */
    private Parameters ofTheModel(Vector change) {
        var outgoing = Parameters.builder();
        var changed = change.parameters();
        Auxiliary.floating(model).tensors().forEach((name, tensor) -> {
            var found = changed.tensors().get(name);
            outgoing.put(name, Vector.converted(found, tensor, elementwise));
        });
        return outgoing.build();
    }
}
