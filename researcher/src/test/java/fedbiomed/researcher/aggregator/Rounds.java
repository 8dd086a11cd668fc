package fedbiomed.researcher.aggregator;

import fedbiomed.parameters.Auxiliary;
import fedbiomed.parameters.Parameters;
import fedbiomed.parameters.Safetensors;
import fedbiomed.parameters.Tensor;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.PartyId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Rounds of an aggregator over files, without a federation: what it remembers goes from one to the next. */
final class Rounds {
    private static final String TENSOR = "coef";

    private final Path folder;
    private final Aggregator aggregator;
    private final int participants;
    private Set<String> untrained = Set.of();
    private Args values = Args.NONE;
    private int round;

    Rounds(Path folder, Aggregator aggregator, int participants, double... initial) {
        this.folder = folder;
        this.aggregator = aggregator;
        this.participants = participants;
        Safetensors.write(global(0), model(initial));
    }

    static Parameters model(double... values) {
        return Parameters.builder()
                .put(TENSOR, Tensor.ofDoubles(values, values.length))
                .metadata("k", "v")
                .build();
    }

    Rounds untrained(String... names) {
        untrained = Set.of(names);
        return this;
    }

    Path global(int of) {
        return folder.resolve("global-" + of + ".safetensors");
    }

    private Path state(int of) {
        return folder.resolve("state-" + of + ".safetensors");
    }

    Update update(String node, long samples, long steps, double... trained) {
        return update(node, samples, steps, model(trained));
    }

    Update update(String node, long samples, long steps, Parameters trained) {
        var file = folder.resolve("update-" + round + "-" + node + ".safetensors");
        Safetensors.write(file, trained);
        return new Update(new Participant(PartyId.of(node), "d"), file, samples, steps);
    }

    static Parameters with(Parameters model, String vector, double... values) {
        return Auxiliary.with(
                model,
                vector,
                Parameters.builder()
                        .put(TENSOR, Tensor.ofDoubles(values, values.length))
                        .build());
    }

    /** One alike for each, of 10 samples and one step. */
    double[] fold(double[]... trained) {
        var updates = new ArrayList<Update>();
        for (int u = 0; u < trained.length; u++) {
            updates.add(update("n" + u, 10, 1, trained[u]));
        }
        return fold(updates);
    }

    /** @return the next global parameters */
    double[] fold(List<Update> updates) {
        if (!Files.exists(state(round))) {
            return fold(updates, AggregationRound.State.NONE);
        }
        try (var mapped = Safetensors.open(state(round))) {
            return fold(updates, new AggregationRound.State(values, mapped.parameters()));
        }
    }

    private double[] fold(List<Update> updates, AggregationRound.State before) {
        try (var folding = new AggregationRound(
                aggregator,
                global(round),
                updates,
                participants,
                new AggregationRound.State(values, before.vectors()),
                untrained,
                global(round + 1),
                state(round + 1))) {
            values = aggregator.aggregate(folding);
        }
        round++;
        return coef();
    }

    double[] coef() {
        try (var mapped = Safetensors.open(global(round))) {
            return mapped.parameters().get(TENSOR).toDoubles();
        }
    }

    double[] remembered(String vector) {
        try (var mapped = Safetensors.open(state(round))) {
            return Auxiliary.vector(mapped.parameters(), vector).get(TENSOR).toDoubles();
        }
    }
}
