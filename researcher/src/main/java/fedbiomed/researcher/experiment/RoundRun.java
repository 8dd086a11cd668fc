package fedbiomed.researcher.experiment;

import fedbiomed.parameters.Safetensors;
import fedbiomed.protocol.Correspondence;
import fedbiomed.protocol.message.ParametersRef;
import fedbiomed.protocol.message.Reply;
import fedbiomed.protocol.message.Request;
import fedbiomed.protocol.store.SealedEntry;
import fedbiomed.protocol.store.TransferProgress;
import fedbiomed.researcher.Researcher;
import fedbiomed.researcher.aggregator.Aggregator;
import fedbiomed.researcher.aggregator.Update;
import fedbiomed.researcher.strategy.Decision;
import fedbiomed.researcher.strategy.Strategy;
import fedbiomed.training.PlanRequirements;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.PreprocessingStatistics;
import fedbiomed.vocabulary.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One round: the global model goes out, updates come back, the aggregator folds them, and the round's folder is finished
 * in one step. Begun anew after a crash it asks the same questions, leaving out those whose answers are on disk.
 */
final class RoundRun {
    private final Researcher researcher;
    private final ExperimentFile arguments;
    private final Jobs jobs;
    private final Strategy strategy;
    private final Aggregator aggregator;
    private final PlanRequirements plan;
    private final @Nullable PreprocessingStatistics preprocessing;
    private final ExperimentFolder folder;
    private final ExperimentEvents events;
    private final int round;
    private final NodeStateIds states;
    private final SortedMap<Participant, ChosenDataset> datasets = new TreeMap<>();

    RoundRun(ExperimentParts parts, @Nullable PreprocessingStatistics preprocessing, int round) {
        this.researcher = parts.researcher();
        this.arguments = parts.arguments();
        this.jobs = parts.jobs();
        this.strategy = parts.strategy();
        this.aggregator = parts.aggregator();
        this.plan = parts.requirements();
        this.folder = parts.folder();
        this.events = parts.events();
        this.preprocessing = preprocessing;
        this.round = round;
        this.states = folder.round(round - 1).nodeStates();
        jobs.begun().participants().forEach(dataset -> datasets.put(dataset.participant(), dataset));
    }

    /** @throws RoundFailed if the strategy gives up; what came by then is kept */
    RoundSummary run() {
        var partial = folder.partialRound(round).created();
        var global = folder.round(round - 1).global();
        var all = new TreeSet<>(datasets.keySet());
        // java.util.Random's algorithm is specified, so the same seed draws the same on every JVM
        var selected = strategy.select(all, round, new Random(Seeds.selection(arguments.seed(), round)));
        var entry = researcher.published().seal(global, partial.sealedGlobal());
        var reference = entry.ref().plain();
        var gathering = new Gathering<ParticipantOutcome>(
                researcher,
                strategy,
                round,
                acceptance(partial, reference),
                (participant, state) -> events.participantChanged(round, participant, state));
        var missing = new ArrayList<Participant>();
        events.roundStarted(round, arguments.rounds(), selected);
        for (var participant : selected) {
            var request = request(participant, reference);
            var id = Correspondence.idOf(request);
            var known = partial.recorded(participant, id);
            gathering.add(participant, request, id, known);
            events.expect(id, participant);
            if (known == null) {
                missing.add(participant);
            } else {
                researcher.correspondence().acknowledge(participant.node(), id);
            }
        }
        var ended = missing.isEmpty() ? gathering.await(List.of()) : published(entry, missing, gathering);
        var outcomes = ended.outcomes(ParticipantOutcome::reply);
        if (ended.decision() instanceof Decision.Fail(var reason)) {
            partial.writeReplies(round, outcomes);
            throw new RoundFailed("round " + round, reason, outcomes, folder.root());
        }
        aggregate(partial, outcomes);
        return RoundSummary.of(round, outcomes, plan.chosenMetrics(arguments.trainingArgs()));
    }

    /** While answers are out, and after a failed round that may be resumed, the model stays in the store. */
    private Gathering.Ended<ParticipantOutcome> published(
            SealedEntry entry, List<Participant> missing, Gathering<ParticipantOutcome> gathering) {
        var recipients = missing.stream().map(Participant::node).distinct().toList();
        var publication = researcher.published().publish(entry, recipients);
        var ended = gathering.await(List.of(publication.ref()));
        if (ended.decision() instanceof Decision.Complete) {
            publication.withdraw();
        }
        return ended;
    }

    private Request.Train request(Participant participant, ParametersRef reference) {
        return new Request.Train(
                jobs.job(dataset(participant), round, states.of(participant), preprocessing, reference));
    }

    private ChosenDataset dataset(Participant participant) {
        var dataset = datasets.get(participant);
        if (dataset == null) {
            throw new IllegalArgumentException(
                    "the strategy '" + strategy.name() + "' selected " + participant + ", which takes no part");
        }
        return dataset;
    }

    /** Fetched, checked, recorded, and only then acknowledged. */
    private Gathering.Acceptance<ParticipantOutcome> acceptance(RoundFolder partial, ParametersRef reference) {
        var check = new UpdateCheck(plan, reference.sizeBytes());
        var global = folder.round(round - 1).global();
        return (participant, request, answer) -> {
            if (!(answer.reply() instanceof Reply.Train train)) {
                throw new FedbiomedException(
                        ErrorCode.BAD_MESSAGE, "it answered a training request with something else");
            }
            check.reply(dataset(participant), train);
            var file = partial.update(participant);
            researcher.store().download(answer.sealed(train.update()), file, TransferProgress.NONE);
            check.update(participant.toString(), global, file);
            var outcome = ParticipantOutcome.accepted(participant, request, train);
            partial.record(outcome, researcher.durability());
            researcher.correspondence().acknowledge(participant.node(), request);
            return outcome;
        };
    }

    private void aggregate(RoundFolder partial, List<ParticipantOutcome> outcomes) {
        var before = folder.round(round - 1);
        var updates = new ArrayList<Update>();
        for (var outcome : outcomes) {
            var reply = outcome.reply();
            if (reply != null) {
                updates.add(new Update(
                        outcome.participant(),
                        partial.update(outcome.participant()),
                        reply.samples(),
                        reply.updates()));
            }
        }
        try (var state = before.state();
                var global = Safetensors.open(before.global())) {
            var metadata = global.parameters().metadata();
            var next = aggregator.aggregate(before.global(), updates, state.state(), metadata, partial.global());
            partial.writeState(arguments.aggregator(), next);
        }
        partial.writeReplies(round, outcomes);
        partial.writeNodeStates(states.after(outcomes));
        folder.finish(round).dropAnswers(arguments.retainFullHistory());
    }
}
