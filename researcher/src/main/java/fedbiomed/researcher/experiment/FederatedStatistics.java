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
import fedbiomed.vocabulary.Text;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

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
                (participant, _, answer, _) -> checked(datasets.get(participant), answer.reply()),
                (participant, state) -> parts.events().participantChanged(0, participant, state));
        datasets.forEach((participant, dataset) -> {
            var request = new Request.Statistics(parts.jobs().job(dataset, 0, null, null, null));
            gathering.add(participant, request, Correspondence.idOf(request), null);
        });
        var ended = gathering.await(List.of());
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

    private PreprocessingStatistics checked(@Nullable ChosenDataset dataset, Reply reply) {
        if (!(reply instanceof Reply.Statistics answer) || dataset == null) {
            throw new FedbiomedException(
                    ErrorCode.BAD_MESSAGE, "it answered a question for statistics with something else");
        }
        var columns = answer.statistics().columns();
        var asked = parts.requirements().federated();
        if (!columns.keySet().equals(Set.copyOf(asked))) {
            throw unfit("its statistics are not of the columns that were asked for ("
                    + Text.shown(String.join(", ", asked), 500) + ")");
        }
        for (Map.Entry<String, ColumnMoments> column : columns.entrySet()) {
            if (!isSound(column.getValue(), dataset.rows())) {
                throw unfit("its statistics of column '" + column.getKey()
                        + "' cannot be: more values than rows, or not finite");
            }
        }
        // counts of categories nobody has asked for
        return new PreprocessingStatistics(columns, new TreeMap<>(), 1);
    }

    private static boolean isSound(@Nullable ColumnMoments moments, long rows) {
        return moments != null
                && moments.count() >= 0
                && moments.missing() >= 0
                && moments.count() <= rows
                && moments.missing() <= rows - moments.count()
                && Double.isFinite(moments.sum())
                && Double.isFinite(moments.sumOfSquares())
                && moments.sumOfSquares() >= 0;
    }

    private static FedbiomedException unfit(String what) {
        return new FedbiomedException(ErrorCode.DATA_UNFIT, what);
    }
}
