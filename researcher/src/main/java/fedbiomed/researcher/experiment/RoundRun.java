package fedbiomed.researcher.experiment;

import fedbiomed.parameters.CompressionScheme;
import fedbiomed.parameters.VectorMath;
import fedbiomed.protocol.Correspondence;
import fedbiomed.protocol.home.AtomicFiles;
import fedbiomed.protocol.message.ParametersRef;
import fedbiomed.protocol.message.Reply;
import fedbiomed.protocol.message.Request;
import fedbiomed.protocol.message.SealedRef;
import fedbiomed.protocol.store.SealedEntry;
import fedbiomed.protocol.store.TransferProgress;
import fedbiomed.researcher.Researcher;
import fedbiomed.researcher.aggregator.AggregationRound;
import fedbiomed.researcher.aggregator.Aggregator;
import fedbiomed.researcher.aggregator.Update;
import fedbiomed.researcher.strategy.Choice;
import fedbiomed.researcher.strategy.Decision;
import fedbiomed.researcher.strategy.Strategy;
import fedbiomed.researcher.strategy.TooFew;
import fedbiomed.training.PlanRequirements;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.PreprocessingStatistics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One round: the global model goes out, updates come back, the aggregator folds them, and the round's folder is finished
 * in one step. Begun anew after a crash it asks the same questions, leaving out those whose answers are on disk.
 */
final class RoundRun {
    /** For numbers that are on their way yet when all answers are here. */
    private static final Duration SCALARS_PATIENCE = Duration.ofSeconds(1);

    private final ExperimentParts parts;
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
    private final RoundFolder before;
    private final NodeStateIds states;
    private final SortedMap<Participant, ChosenDataset> datasets = new TreeMap<>();
    private final Stopwatch watch;
    private volatile String asked = "";

    RoundRun(ExperimentParts parts, @Nullable PreprocessingStatistics preprocessing, int round) {
        this.parts = parts;
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
        this.before = folder.round(round - 1);
        this.watch = new Stopwatch(researcher.clock());
        this.states = before.nodeStates();
        jobs.begun().participants().forEach(dataset -> datasets.put(dataset.participant(), dataset));
    }

    /** @throws RoundFailed if the strategy gives up; what came by then is kept */
    RoundSummary run() {
        var partial = folder.partialRound(round).created();
        var selection = new RoundSelection(parts, round, before.histories());
        var late = new LateAnswers(parts, preprocessing, round);
        var rules = strategy.management();
        for (int repeat = 1; ; repeat++) {
            var chosen = selection.choose(partial, late.participants());
            chosen.choice().asked().forEach(late::giveUp);
            events.roundStarted(round, arguments.rounds(), chosen.choice().asked());
            chosen.choice().leftOut().forEach(one -> events.participantChanged(round, one.participant(), one.text()));
            var ended = selection.isEnough(chosen.choice())
                    ? gather(partial, chosen.choice(), late)
                    : new Gathered<ParticipantOutcome>(new Decision.Fail(selection.tooFew(chosen)), new TreeMap<>());
            var outcomes = counted(ended.outcomes(outcome -> outcome));
            if (!(ended.decision() instanceof Decision.Fail(var reason))) {
                aggregate(partial, chosen.choice(), outcomes);
                return finished(chosen.choice(), outcomes, late);
            }
            if (rules.tooFew() == TooFew.SKIP) {
                events.notice("round " + round + " is skipped, and the model stays as it was: " + reason);
                var skipped = outcomes.stream().map(ParticipantOutcome::skipped).toList();
                skip(partial, chosen.choice(), skipped);
                return finished(chosen.choice(), skipped, late);
            }
            if (rules.tooFew() != TooFew.REPEAT || repeat > rules.repeats()) {
                partial.writeReplies(round, outcomes);
                throw new RoundFailed("round " + round, reason, outcomes, folder.root());
            }
            events.notice("round " + round + " is asked again (" + repeat + " of " + rules.repeats() + "): " + reason);
        }
    }

    private Gathered<ParticipantOutcome> gather(RoundFolder partial, Choice choice, LateAnswers late) {
        var entry = watch.timed(
                "publish",
                () -> researcher.published().seal(Outgoing.model(aggregator, before, partial), partial.sealedGlobal()));
        var reference = entry.ref().plain();
        var gathering = new Gathering<ParticipantOutcome>(
                        researcher,
                        strategy,
                        round,
                        acceptance(partial, entry.stored().sizeBytes(), late),
                        (participant, state) -> events.participantChanged(round, participant, state))
                .wanting(choice.wanted())
                .keepingLate(arguments.rounds());
        var missing = new ArrayList<Participant>();
        for (var participant : choice.asked()) {
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
        late.join(gathering, partial);
        return missing.isEmpty() ? await(gathering, List.of()) : published(entry, missing, gathering);
    }

    /** While answers are out, and after a failed round that may be resumed, the model stays in the store. */
    private Gathered<ParticipantOutcome> published(
            SealedEntry entry, List<Participant> missing, Gathering<ParticipantOutcome> gathering) {
        var recipients = missing.stream().map(Participant::node).distinct().toList();
        var publication = watch.timed("publish", () -> researcher.published().publish(entry, recipients));
        var ended = await(gathering, List.of(publication.ref()));
        boolean awaited = ended.answers().values().stream()
                .anyMatch(outcome -> outcome.status() == OutcomeStatus.AWAITED && outcome.askedIn() == 0);
        boolean over = ended.decision() instanceof Decision.Complete
                || strategy.management().tooFew() == TooFew.SKIP;
        if (over && !awaited) {
            publication.withdraw();
        }
        return ended;
    }

    private Gathered<ParticipantOutcome> await(Gathering<ParticipantOutcome> gathering, List<SealedRef> enclosed) {
        asked = researcher.clock().instant().toString();
        return watch.timed("gather", () -> gathering.await(enclosed));
    }

    private Request.Train request(Participant participant, ParametersRef reference) {
        return new Request.Train(
                jobs.job(dataset(participant), round, states.of(participant), preprocessing, reference));
    }

    private ChosenDataset dataset(Participant participant) {
        var dataset = datasets.get(participant);
        return Objects.requireNonNull(dataset, "a strategy's selection was checked");
    }

    /** Fetched, checked, recorded, and only then acknowledged. */
    private Gathering.Acceptance<ParticipantOutcome> acceptance(
            RoundFolder partial, long bytesToNode, LateAnswers late) {
        var global = before.global();
        var wanted = jobs.trainingArgs().compression();
        var compression = wanted == null ? null : CompressionScheme.of(wanted);
        var check = new UpdateCheck(plan, aggregator, compression, global);
        return (participant, request, answer, after) -> {
            if (!(answer.reply() instanceof Reply.Train train)) {
                throw new FedbiomedException(
                        ErrorCode.BAD_MESSAGE, "it answered a training request with something else");
            }
            check.reply(dataset(participant), train);
            var file = partial.update(participant);
            long start = System.nanoTime();
            var sealed = answer.sealed(train.update());
            var came = compression == null ? file : partial.compressed(participant);
            researcher.store().download(sealed, came, TransferProgress.NONE);
            var earlier = late.begunWith(participant);
            check.restore(participant.toString(), earlier == null ? global : earlier, came, file);
            check.update(participant.toString(), global, file);
            var exchange = new Exchange(
                    asked,
                    after.toMillis(),
                    Stopwatch.millisSince(start),
                    bytesToNode,
                    new SealedEntry(sealed, came).stored().sizeBytes(),
                    events.arrived(request));
            var outcome = ParticipantOutcome.accepted(participant, request, train, exchange);
            partial.record(outcome, researcher.durability());
            researcher.correspondence().acknowledge(participant.node(), request);
            return outcome;
        };
    }

    private void aggregate(RoundFolder partial, Choice choice, List<ParticipantOutcome> outcomes) {
        var updates = new ArrayList<Update>();
        for (var outcome : outcomes) {
            var reply = outcome.reply();
            if (reply != null) {
                updates.add(
                        new Update(outcome.participant(), update(partial, outcome), reply.samples(), reply.updates()));
            }
        }
        try (var state = before.state();
                var folding = new AggregationRound(
                        aggregator,
                        before.global(),
                        updates,
                        datasets.size(),
                        state.state(),
                        plan.untrained(),
                        partial.global(),
                        partial.stateVectors())) {
            var values = watch.timed("aggregate", () -> aggregator.aggregate(folding));
            if (!folding.isFolded()) {
                throw new IllegalStateException("the aggregator '" + aggregator.name() + "' has not folded the round");
            }
            partial.writeState(arguments.aggregator(), values);
        }
        finish(partial, choice, outcomes);
    }

    /** A late one's step from the model that it began with, made from this round's. */
    private Path update(RoundFolder partial, ParticipantOutcome outcome) {
        var file = partial.update(outcome.participant());
        var askedIn = outcome.askedIn();
        if (askedIn == null) {
            return file;
        }
        var rebased = partial.rebased(outcome.participant());
        VectorMath.rebased(file, folder.round(askedIn - 1).global(), before.global(), Map.of(), rebased);
        return rebased;
    }

    private void skip(RoundFolder partial, Choice choice, List<ParticipantOutcome> outcomes) {
        try (var state = before.state()) {
            AtomicFiles.copyOwnerOnly(before.global(), partial.global());
            if (state.mapped() != null) {
                AtomicFiles.copyOwnerOnly(before.stateVectors(), partial.stateVectors());
            }
            partial.writeState(arguments.aggregator(), state.state().values());
        } catch (IOException e) {
            throw new FedbiomedException(
                    ErrorCode.INTERNAL,
                    "cannot write " + partial.global() + " (" + e.getClass().getSimpleName()
                            + "); look at the disk, then resume",
                    e);
        }
        finish(partial, choice, outcomes);
    }

    private void finish(RoundFolder partial, Choice choice, List<ParticipantOutcome> outcomes) {
        partial.writeReplies(round, outcomes);
        partial.writeTrainingArgs(arguments.trainingArgs());
        partial.writeTimings(watch.timings());
        partial.writeNodeStates(states.after(outcomes));
        partial.writeHistories(before.histories().after(round, choice.asked(), outcomes));
        boolean awaited = outcomes.stream()
                .anyMatch(outcome -> outcome.status() == OutcomeStatus.AWAITED && outcome.askedIn() == null);
        folder.finish(round).dropAnswers(arguments.retainFullHistory(), awaited);
    }

    /** Those of an earlier attempt of the round were told to nobody. */
    private List<ParticipantOutcome> counted(List<ParticipantOutcome> outcomes) {
        var told = new TreeMap<String, Long>();
        for (var outcome : outcomes) {
            var reply = outcome.reply();
            var exchange = outcome.exchange();
            if (reply != null
                    && reply.scalars() != null
                    && exchange != null
                    && exchange.asked().equals(asked)) {
                told.put(outcome.request(), reply.scalars());
            }
        }
        events.awaitScalars(told, SCALARS_PATIENCE);
        var counted = outcomes.stream()
                .map(outcome -> outcome.withScalars(events.arrived(outcome.request())))
                .toList();
        events.lostScalars(round, counted);
        return counted;
    }

    private RoundSummary finished(Choice choice, List<ParticipantOutcome> outcomes, LateAnswers late) {
        late.settle(outcomes);
        return RoundSummary.of(round, outcomes, choice.leftOut(), plan.chosenMetrics(arguments.trainingArgs()));
    }
}
