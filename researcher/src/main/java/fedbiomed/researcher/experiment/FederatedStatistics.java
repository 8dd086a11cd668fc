package fedbiomed.researcher.experiment;

import fedbiomed.protocol.Correspondence;
import fedbiomed.protocol.home.AtomicFiles;
import fedbiomed.protocol.message.Reply;
import fedbiomed.protocol.message.Request;
import fedbiomed.researcher.strategy.Decision;
import fedbiomed.vocabulary.ColumnMoments;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Json;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.PreprocessingStatistics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the plan's pre-processing needs to know of all training rows together, asked for before round 1. Sums are added in
 * the participants' order, so that they are the same whoever answered first.
 */
final class FederatedStatistics {
    private final ExperimentParts parts;

    private record Stored(SortedSet<String> participants, PreprocessingStatistics combined) {}

    FederatedStatistics(ExperimentParts parts) {
        this.parts = parts;
    }

    /** @throws RoundFailed if the strategy gives up */
    PreprocessingStatistics gather() {
        var datasets = new TreeMap<Participant, ChosenDataset>();
        parts.begun().participants().forEach(dataset -> datasets.put(dataset.participant(), dataset));
        var gathering = new Gathering<PreprocessingStatistics>(
                parts.researcher(),
                parts.strategy(),
                0,
                (participant, _, reply) -> checked(datasets.get(participant), reply),
                (participant, state) -> parts.events().participantChanged(0, participant, state));
        datasets.forEach((participant, dataset) -> {
            var request = new Request.Statistics(parts.jobs().job(dataset, 0, null, null));
            gathering.add(participant, request, Correspondence.idOf(request), null);
        });
        var ended = gathering.await();
        if (ended.decision() instanceof Decision.Fail(var reason)) {
            throw new RoundFailed(
                    "gathering the statistics for the pre-processing",
                    reason,
                    ended.outcomes(_ -> null),
                    parts.folder().root());
        }
        var accepted = ended.accepted();
        ended.answers().forEach((participant, answer) -> {
            if (answer.value() == null) {
                parts.events()
                        .notice("the pre-processing does not know the rows of " + participant + ": " + answer.text());
            }
        });
        return keep(accepted);
    }

    private PreprocessingStatistics keep(SortedMap<Participant, PreprocessingStatistics> accepted) {
        var combined =
                accepted.values().stream().reduce(PreprocessingStatistics::plus).orElse(PreprocessingStatistics.NONE);
        var names = new TreeSet<String>();
        accepted.keySet().forEach(participant -> names.add(participant.toString()));
        try {
            AtomicFiles.write(parts.folder().statistics(), Json.bytes(new Stored(names, combined)));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + parts.folder().statistics(), e);
        }
        return combined;
    }

    private PreprocessingStatistics checked(@org.jspecify.annotations.Nullable ChosenDataset dataset, Reply reply) {
        if (!(reply instanceof Reply.Statistics answer) || dataset == null) {
            throw new FedbiomedException(
                    ErrorCode.BAD_MESSAGE, "it answered a question for statistics with something else");
        }
        var columns = answer.statistics().columns();
        for (Map.Entry<String, ColumnMoments> column : columns.entrySet()) {
            var moments = column.getValue();
            boolean sound = parts.requirements().inputs().contains(column.getKey())
                    && moments.count() >= 0
                    && moments.missing() >= 0
                    && moments.count() <= dataset.rows()
                    && moments.missing() <= dataset.rows() - moments.count()
                    && Double.isFinite(moments.sum())
                    && Double.isFinite(moments.sumOfSquares())
                    && moments.sumOfSquares() >= 0;
            if (!sound) {
                throw new FedbiomedException(
                        ErrorCode.DATA_UNFIT,
                        "its statistics of column '" + fedbiomed.vocabulary.Text.shown(column.getKey())
                                + "' cannot be: more values than rows, not finite, or not asked for");
            }
        }
        return new PreprocessingStatistics(columns, answer.statistics().categories(), 1);
    }
}
