package fedbiomed.researcher.strategy;

import fedbiomed.vocabulary.Participant;
import java.util.Collection;
import java.util.List;
import java.util.random.RandomGenerator;

/** Asks everybody (Fed-BioMed's {@code DefaultStrategy}). */
public record AllParticipants() implements Selection {
    public static final String NAME = "all";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Collection<Participant> select(List<Candidate> candidates, int count, int round, RandomGenerator random) {
        return candidates.stream().map(Candidate::participant).toList();
    }
}
