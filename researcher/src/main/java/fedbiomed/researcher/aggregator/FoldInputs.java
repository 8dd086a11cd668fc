package fedbiomed.researcher.aggregator;

import fedbiomed.parameters.Auxiliary;
import fedbiomed.parameters.Parameters;
import java.util.ArrayList;
import java.util.List;

/** In which order a fold has its inputs: updates, global, state vectors, and of each update what came with it. */
final class FoldInputs {
    private final Aggregator aggregator;
    private final int updates;
    private final List<Parameters> all = new ArrayList<>();

    FoldInputs(Aggregator aggregator, Parameters global, List<Parameters> updates, Parameters state) {
        this.aggregator = aggregator;
        this.updates = updates.size();
        boolean alone = aggregator.receivedVectors().isEmpty();
        updates.forEach(update -> all.add(alone ? update : Auxiliary.model(update)));
        all.add(global);
        aggregator.stateVectors().forEach(vector -> all.add(Auxiliary.vector(state, vector)));
        for (var vector : aggregator.receivedVectors()) {
            updates.forEach(update -> all.add(Auxiliary.vector(update, vector)));
        }
    }

    List<Parameters> all() {
        return all;
    }

    int updates() {
        return updates;
    }

    /** Whether a participant sent it. */
    boolean came(int input) {
        return input < updates || input > updates + aggregator.stateVectors().size();
    }

    int global() {
        return updates;
    }

    int state(String vector) {
        return updates + 1 + place(aggregator.stateVectors(), "state", vector);
    }

    int received(int update, String vector) {
        return updates
                + 1
                + aggregator.stateVectors().size()
                + place(aggregator.receivedVectors(), "received", vector) * updates
                + update;
    }

    /** Of what is written: the model is number 0. */
    int nextState(String vector) {
        return 1 + place(aggregator.stateVectors(), "state", vector);
    }

    private int place(List<String> vectors, String what, String vector) {
        int place = vectors.indexOf(vector);
        if (place < 0) {
            throw new IllegalArgumentException("the aggregator '" + aggregator.name() + "' has no " + what + " vector '"
                    + vector + "', only " + vectors + "; name it in " + what + "Vectors()");
        }
        return place;
    }
}
