package fedbiomed.researcher.experiment;

import fedbiomed.protocol.Correspondence;
import fedbiomed.protocol.message.ParametersRef;
import fedbiomed.protocol.message.Request;
import fedbiomed.protocol.store.ParameterStoreClient;
import fedbiomed.researcher.PublishedModels;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.PreprocessingStatistics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The participants that a round finds still at work on an earlier one, where the strategy uses late answers. The same
 * question is asked again, and the model that it starts from stays in the parameter store until it is settled.
 */
final class LateAnswers {
    private final ExperimentParts parts;
    private final @Nullable PreprocessingStatistics preprocessing;
    private final SortedMap<Participant, Integer> askedIn = new TreeMap<>();
    private final SortedMap<Integer, PublishedModels.Publication> published = new TreeMap<>();

    LateAnswers(ExperimentParts parts, @Nullable PreprocessingStatistics preprocessing, int round) {
        this.parts = parts;
        this.preprocessing = preprocessing;
        var origin = parts.begun().origin();
        // a branch's first round: those at work were asked by another experiment
        boolean first = round == 1 || (origin != null && round - 1 <= origin.round());
        if (first || !parts.strategy().management().usesLateAnswers()) {
            return;
        }
        for (var outcome : parts.folder().round(round - 1).replies()) {
            if (outcome.status() == OutcomeStatus.AWAITED) {
                askedIn.put(outcome.participant(), outcome.askedIn() == null ? round - 1 : outcome.askedIn());
            }
        }
    }

    SortedSet<Participant> participants() {
        return new TreeSet<>(askedIn.keySet());
    }

    /** No longer waited for: it is asked anew. */
    void giveUp(Participant participant) {
        var asked = askedIn.remove(participant);
        if (asked != null) {
            parts.researcher()
                    .correspondence()
                    .cancel(participant.node(), Correspondence.idOf(request(participant, asked)));
        }
    }

    /** The model that its training began with; {@code null} of one that is at work on no earlier round. */
    @Nullable
    Path begunWith(Participant participant) {
        var asked = askedIn.get(participant);
        return asked == null ? null : parts.folder().round(asked - 1).global();
    }

    /** Lets their answers be part of {@code gathering}; those that an earlier attempt of the round has are in {@code partial}. */
    void join(Gathering<ParticipantOutcome> gathering, RoundFolder partial) {
        askedIn.forEach((participant, asked) -> {
            var request = request(participant, asked);
            var id = Correspondence.idOf(request);
            var known = partial.recorded(participant, id);
            parts.events().expect(id, participant);
            gathering.addLate(
                    participant,
                    asked,
                    request,
                    id,
                    known == null ? List.of(model(asked).ref()) : List.of(),
                    known);
        });
    }

    private Request.Train request(Participant participant, int asked) {
        var dataset = parts.begun().participants().stream()
                .filter(one -> one.participant().equals(participant))
                .findFirst()
                .orElseThrow();
        var before = parts.folder().round(asked - 1);
        return new Request.Train(parts.jobs()
                .job(dataset, asked, before.nodeStates().of(participant), preprocessing, reference(outgoing(asked))));
    }

    private Path outgoing(int asked) {
        return Outgoing.model(
                parts.aggregator(),
                parts.folder().round(asked - 1),
                parts.folder().round(asked));
    }

    private static ParametersRef reference(Path model) {
        try {
            return ParameterStoreClient.reference(model);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + model, e);
        }
    }

    /** The model that round {@code asked} began with: in the store still, or again. */
    private PublishedModels.Publication model(int asked) {
        return published.computeIfAbsent(asked, _ -> {
            var entry = parts.researcher()
                    .published()
                    .seal(outgoing(asked), parts.folder().round(asked).sealedGlobal());
            var recipients = new ArrayList<PartyId>();
            askedIn.forEach((participant, round) -> {
                if (round == asked) {
                    recipients.add(participant.node());
                }
            });
            return parts.researcher().published().publish(entry, recipients);
        });
    }

    /** Takes the models that nobody will ask for any more out of the store. */
    void settle(List<ParticipantOutcome> outcomes) {
        var open = new TreeSet<Integer>();
        for (var outcome : outcomes) {
            if (outcome.status() == OutcomeStatus.AWAITED && outcome.askedIn() != null) {
                open.add(outcome.askedIn());
            }
        }
        for (int asked : new TreeSet<>(askedIn.values())) {
            var publication = published.get(asked);
            if (!open.contains(asked) && publication != null) {
                publication.withdraw();
            }
            if (!open.contains(asked)) {
                parts.folder().round(asked).dropOutgoing();
            }
        }
    }
}
