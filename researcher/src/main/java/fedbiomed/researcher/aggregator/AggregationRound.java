package fedbiomed.researcher.aggregator;

import fedbiomed.parameters.Auxiliary;
import fedbiomed.parameters.MappedParameters;
import fedbiomed.parameters.ModelFold;
import fedbiomed.parameters.ModelFold.Target;
import fedbiomed.parameters.Parameters;
import fedbiomed.parameters.Safetensors;
import fedbiomed.parameters.VectorMath;
import fedbiomed.vocabulary.Args;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * A round's updates, to be folded by an {@link Aggregator}. They are mapped files in the participants' order, gone through
 * in stretches: the result does not depend on who answered first, and the heap grows neither with the model nor (but for
 * a stretch each) with their number. All arithmetic is in binary64.
 */
public final class AggregationRound implements AutoCloseable {
    private final Aggregator aggregator;
    private final List<Update> updates;
    private final int participants;
    private final Args state;
    private final Set<String> untrained;
    private final Path next;
    private final Path nextState;
    private final List<MappedParameters> mapped = new ArrayList<>();
    private final Parameters global;
    private final FoldInputs inputs;
    private final List<Parameters> came = new ArrayList<>();
    /** Whether a pass over all elements found all that came finite. */
    private boolean finite;

    private boolean folded;

    /**
     * What the round before left.
     *
     * @param values what {@link Aggregator#aggregate} returned
     * @param vectors under the names of {@link Auxiliary}
     */
    public record State(Args values, Parameters vectors) {
        /** Before the first round. */
        public static final State NONE =
                new State(Args.NONE, Parameters.builder().build());
    }

    /**
     * @param global the parameters that the round started from; its metadata is the next one's, too
     * @param updates at least one, in the participants' order
     * @param participants how many the experiment has, whether asked or not
     * @param untrained tensors that no gradient changes: buffers
     * @param next where the next global parameters are to be written
     * @param nextState where the vectors that are remembered are to be written
     * @throws fedbiomed.vocabulary.FedbiomedException {@code DATA_UNFIT} naming the participant whose update does not fit
     */
    public AggregationRound(
            Aggregator aggregator,
            Path global,
            List<Update> updates,
            int participants,
            State before,
            Set<String> untrained,
            Path next,
            Path nextState) {
        this.aggregator = aggregator;
        this.updates = List.copyOf(updates);
        this.participants = participants;
        this.state = before.values();
        this.untrained = Set.copyOf(untrained);
        this.next = next;
        this.nextState = nextState;
        try {
            this.global = open(global);
            var expected = expected(aggregator, this.global);
            for (var update : this.updates) {
                var parameters = open(update.file());
                expected.requireSameStructure(parameters);
                came.add(parameters);
            }
            this.inputs = new FoldInputs(aggregator, this.global, came, before.vectors());
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private Parameters open(Path file) {
        var opened = Safetensors.open(file);
        mapped.add(opened);
        return opened.parameters();
    }

    /** What an update has to look like: the global model, and the vectors that come with it. */
    public static Parameters expected(Aggregator aggregator, Parameters global) {
        var expected = global;
        for (var vector : aggregator.receivedVectors()) {
            expected = Auxiliary.with(expected, vector, Auxiliary.floating(global));
        }
        return expected;
    }

    /** At least one, in the participants' order. */
    public List<Update> updates() {
        return updates;
    }

    /** How many the experiment has, whether they were asked or not. */
    public int participants() {
        return participants;
    }

    /** What {@link Aggregator#aggregate} returned in the round before; none before the first. */
    public Args state() {
        return state;
    }

    private ModelFold passThrough() {
        return new ModelFold(global, inputs.all(), input -> !finite && inputs.came(input), this::refuse);
    }

    /** Names the first in order that is not finite. */
    private void refuse() {
        for (int u = 0; u < came.size(); u++) {
            VectorMath.requireFinite(came.get(u), updates.get(u).participant().toString());
        }
    }

    /**
     * Sums over all elements of all floating tensors, {@code width} of them at once: norms, distances.
     *
     * @throws fedbiomed.vocabulary.FedbiomedException {@code DATA_UNFIT} naming the participant and the tensor if an update
     *     is not finite
     */
    public double[] sums(int width, BiConsumer<double[], FoldView> summand) {
        var sums = passThrough().sums(width, (all, part) -> summand.accept(all, new FoldView(part, inputs)));
        finite = true;
        return sums;
    }

    /**
     * Computes the next global parameters and the vectors that are remembered, stretch by stretch, and writes them. What
     * is not set is zero. Stretches are worked on by several threads at once.
     *
     * @throws fedbiomed.vocabulary.FedbiomedException {@code DATA_UNFIT} naming the participant and the tensor if an update
     *     is not finite; then nothing is written
     */
    public void fold(Consumer<FoldView> step) {
        if (folded) {
            throw new IllegalStateException("a round is folded once");
        }
        folded = true;
        var targets = new ArrayList<Target>();
        targets.add(new Target(next, List.of(Target.MODEL), global.metadata()));
        if (!aggregator.stateVectors().isEmpty()) {
            targets.add(new Target(nextState, aggregator.stateVectors(), Map.of()));
        }
        passThrough().write(targets, part -> step.accept(new FoldView(part, inputs)));
    }

    /**
     * As {@link #fold}, for what only makes sense of tensors that gradients change: of the others (running means of batch
     * normalisation) the mean by samples is taken.
     */
    public void foldTrained(Consumer<FoldView> step) {
        if (untrained.isEmpty()) {
            fold(step);
            return;
        }
        var weights = Weighting.SAMPLES.of(updates);
        fold(view -> {
            if (isTrained(view.tensor())) {
                step.accept(view);
            } else {
                view.mean(weights, view.next());
            }
        });
    }

    /** Whether gradients change that tensor at the nodes: {@link #foldTrained} computes with it. */
    public boolean isTrained(String tensor) {
        return !untrained.contains(tensor);
    }

    /** Whether {@link #fold} was called. */
    public boolean isFolded() {
        return folded;
    }

    @Override
    public void close() {
        mapped.forEach(MappedParameters::close);
    }
}
