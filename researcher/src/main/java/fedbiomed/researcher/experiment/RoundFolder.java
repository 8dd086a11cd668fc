package fedbiomed.researcher.experiment;

import com.fasterxml.jackson.core.JsonProcessingException;
import fedbiomed.parameters.MappedParameters;
import fedbiomed.parameters.Safetensors;
import fedbiomed.protocol.home.AtomicFiles;
import fedbiomed.protocol.home.Durability;
import fedbiomed.protocol.store.SealedEntry;
import fedbiomed.researcher.aggregator.AggregationRound;
import fedbiomed.training.metrics.MetricChoice;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.EvaluationSums;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Json;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.Sha256;
import fedbiomed.vocabulary.TrainingArgs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A round's files: {@code global.safetensors}, {@code state.json}, {@code selection.json}, {@code replies.json}, {@code
 * history.json}, {@code timings.json}, {@code test.json} where its model was tested; while it runs, the answers.
 */
record RoundFolder(Path path) {
    /** A round's replies of thousands of participants with their histograms. */
    private static final int MAX_JSON_BYTES = 1 << 30;

    private static final String NODE_STATES = "node-states.json";
    private static final String TRAINING_ARGS = "training-args.json";
    private static final String STATE = "state.json";
    private static final String SELECTION = "selection.json";
    private static final String HISTORY = "history.json";
    private static final String TIMINGS = "timings.json";

    private record Replies(int round, List<ParticipantOutcome> replies) {}

    private record ParticipantTest(Participant participant, EvaluationSums sums) {}

    private record ModelTest(List<ParticipantTest> tests, List<ParticipantOutcome> outcomes) {}

    private record StoredState(NamedArgs aggregator, Args values) {}

    RoundFolder created() {
        try {
            AtomicFiles.createOwnerOnlyFolder(path);
            AtomicFiles.createOwnerOnlyFolder(path.resolve("updates"));
            AtomicFiles.createOwnerOnlyFolder(path.resolve("answers"));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + path, e);
        }
    }

    Path global() {
        return path.resolve(ExperimentFolder.GLOBAL);
    }

    /** The model that this round began with, as it lies in the parameter store while answers are out. */
    Path sealedGlobal() {
        return path.resolve("begun-with.sealed");
    }

    Path update(Participant participant) {
        return path.resolve("updates").resolve(fileName(participant) + ".safetensors");
    }

    /** As it came, where it came compressed. */
    Path compressed(Participant participant) {
        return path.resolve("updates").resolve(fileName(participant) + ".compressed.safetensors");
    }

    /** A late update, as a step from this round's model. */
    Path rebased(Participant participant) {
        return path.resolve("updates").resolve(fileName(participant) + ".rebased.safetensors");
    }

    private Path answer(Participant participant) {
        return path.resolve("answers").resolve(fileName(participant) + ".json");
    }

    private static String fileName(Participant participant) {
        return participant.node() + "__" + participant.dataset();
    }

    /** The update must be on disk: what is recorded counts. */
    void record(ParticipantOutcome outcome, Durability durability) {
        try {
            if (durability == Durability.POWER_CUT) {
                AtomicFiles.syncFolder(path.resolve("updates"));
            }
            AtomicFiles.write(answer(outcome.participant()), Json.bytes(outcome), durability);
        } catch (IOException e) {
            throw new FedbiomedException(
                    ErrorCode.INTERNAL,
                    "cannot record an answer in " + path + " (" + e.getClass().getSimpleName() + "); look at the disk",
                    e);
        }
    }

    /** What an earlier attempt has of a participant, if it answers the same request and the update is whole. */
    @Nullable
    ParticipantOutcome recorded(Participant participant, String request) {
        try {
            if (!Files.exists(answer(participant)) || !Files.exists(update(participant))) {
                return null;
            }
            var outcome = read(answer(participant), ParticipantOutcome.class);
            var reply = outcome.reply();
            boolean same = reply != null
                    && outcome.request().equals(request)
                    && isWhole(participant, reply.update().sha256());
            return same ? outcome : null;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + answer(participant), e);
        }
    }

    /** What was made of a compressed update was on the disk before it was recorded. */
    private boolean isWhole(Participant participant, String sha256) throws IOException {
        var compressed = compressed(participant);
        return sha256.equals(Sha256.of(update(participant)))
                || (Files.exists(compressed) && sha256.equals(Sha256.of(compressed)));
    }

    void writeReplies(int round, List<ParticipantOutcome> replies) {
        write(path.resolve("replies.json"), new Replies(round, replies));
    }

    List<ParticipantOutcome> replies() {
        return read(path.resolve("replies.json"), Replies.class).replies();
    }

    void writeTimings(RoundTimings timings) {
        write(path.resolve(TIMINGS), timings);
    }

    /** Where the researcher's time went; empty where nobody measured it. */
    Optional<RoundTimings> timings() {
        var file = path.resolve(TIMINGS);
        return Files.exists(file) ? Optional.of(read(file, RoundTimings.class)) : Optional.empty();
    }

    /** What came of a test of {@link #global}. */
    void writeTest(Evaluation evaluation) {
        var tests = evaluation.sums().entrySet().stream()
                .map(entry -> new ParticipantTest(entry.getKey(), entry.getValue()))
                .toList();
        write(path.resolve("test.json"), new ModelTest(tests, evaluation.outcomes()));
    }

    /** @param chosen what is told of the test; empty if there was none */
    Optional<Evaluation> test(MetricChoice chosen) {
        var file = path.resolve("test.json");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        var stored = read(file, ModelTest.class);
        var sums = new TreeMap<Participant, EvaluationSums>();
        stored.tests().forEach(test -> sums.put(test.participant(), test.sums()));
        return Optional.of(Evaluation.of(sums, stored.outcomes(), chosen));
    }

    /** The aggregator's values; its vectors, if it has any, lie in {@link #stateVectors} already. */
    void writeState(NamedArgs aggregator, Args values) {
        write(path.resolve(STATE), new StoredState(aggregator, values));
    }

    Path stateVectors() {
        return path.resolve("state.safetensors");
    }

    /** What goes to the participants where it is more than the model that the round begins with. */
    Path outgoing() {
        return path.resolve("outgoing.safetensors");
    }

    /** From which of their own trainings the participants start next. */
    NodeStateIds nodeStates() {
        var file = path.resolve(NODE_STATES);
        return Files.exists(file) ? read(file, NodeStateIds.class) : NodeStateIds.NONE;
    }

    /** Whom the round asks, if that was settled already. */
    Optional<RoundChoice> choice() {
        var file = path.resolve(SELECTION);
        return Files.exists(file) ? Optional.of(read(file, RoundChoice.class)) : Optional.empty();
    }

    void writeChoice(RoundChoice choice) {
        write(path.resolve(SELECTION), choice);
    }

    ParticipantHistories histories() {
        var file = path.resolve(HISTORY);
        return Files.exists(file) ? read(file, ParticipantHistories.class) : ParticipantHistories.NONE;
    }

    void writeHistories(ParticipantHistories histories) {
        write(path.resolve(HISTORY), histories);
    }

    /** A round after which nothing stays at any node has no such file. */
    void writeNodeStates(NodeStateIds states) {
        if (!states.equals(NodeStateIds.NONE)) {
            write(path.resolve(NODE_STATES), states);
        }
    }

    /** The aggregator's state; its vectors are views of {@link #stateVectors} until closed. */
    MappedState state() {
        if (!Files.exists(path.resolve(STATE))) {
            return new MappedState(AggregationRound.State.NONE, null);
        }
        var values = read(path.resolve(STATE), StoredState.class).values();
        if (!Files.exists(stateVectors())) {
            return new MappedState(new AggregationRound.State(values, AggregationRound.State.NONE.vectors()), null);
        }
        var mapped = Safetensors.open(stateVectors());
        return new MappedState(new AggregationRound.State(values, mapped.parameters()), mapped);
    }

    record MappedState(
            AggregationRound.State state, @Nullable MappedParameters mapped) implements AutoCloseable {
        @Override
        public void close() {
            if (mapped != null) {
                mapped.close();
            }
        }
    }

    /** Those that the round was asked with; they may change between rounds. */
    void writeTrainingArgs(TrainingArgs args) {
        write(path.resolve(TRAINING_ARGS), args);
    }

    /** Empty for a round of before they were kept. */
    Optional<TrainingArgs> trainingArgs() {
        var file = path.resolve(TRAINING_ARGS);
        return Files.exists(file) ? Optional.of(read(file, TrainingArgs.class)) : Optional.empty();
    }

    /**
     * Makes {@code target} the same round of another experiment. A finished round's files are never written again, so that
     * both may have the same ones.
     *
     * @param withMemory with what the aggregator remembers, here and at the participants
     */
    void linkTo(RoundFolder target, boolean withMemory) {
        var memory = Set.of(STATE, stateVectors().getFileName().toString(), NODE_STATES);
        try (var files = Files.list(path)) {
            AtomicFiles.createOwnerOnlyFolder(target.path);
            for (var file : files.toList()) {
                var name = file.getFileName().toString();
                boolean passing = name.endsWith(".sealed") || file.equals(outgoing()) || !Files.isRegularFile(file);
                if (!passing && (withMemory || !memory.contains(name))) {
                    link(file, target.path.resolve(name));
                }
            }
            AtomicFiles.syncFolder(target.path);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot copy the round " + path + " to " + target.path, e);
        }
    }

    private static void link(Path file, Path target) throws IOException {
        try {
            Files.createLink(target, file);
        } catch (UnsupportedOperationException | IOException _) {
            // another disk, or one without links
            Files.deleteIfExists(target);
            AtomicFiles.copyOwnerOnly(file, target);
        }
    }

    /**
     * The participants' updates and answers, once {@code replies.json} has what is to be kept of them.
     *
     * @param keepSealed whether somebody may still ask for the model that the round began with
     */
    void dropAnswers(boolean keepUpdates, boolean keepSealed) {
        deleteTree(path.resolve("answers"));
        if (!keepSealed) {
            // of an attempt that died: the next one had all answers
            dropOutgoing();
        }
        if (!keepUpdates) {
            deleteTree(path.resolve("updates"));
        }
    }

    /** What the participants were sent, once nobody asks for it any more. */
    void dropOutgoing() {
        SealedEntry.delete(sealedGlobal());
        delete(outgoing());
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + file, e);
        }
    }

    private static void deleteTree(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (var entries = Files.list(folder)) {
            for (var entry : entries.toList()) {
                Files.delete(entry);
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + folder, e);
        }
    }

    private static void write(Path file, Object value) {
        try {
            AtomicFiles.write(file, Json.bytes(value));
        } catch (IOException e) {
            throw new FedbiomedException(
                    ErrorCode.INTERNAL,
                    "cannot write " + file + " (" + e.getClass().getSimpleName() + "); look at the disk, then resume",
                    e);
        }
    }

    private static <T> T read(Path file, Class<T> type) {
        try {
            var value = Json.MAPPER.readValue(AtomicFiles.readBounded(file, MAX_JSON_BYTES), type);
            if (value == null) {
                throw damaged(file, null);
            }
            return value;
        } catch (JsonProcessingException e) {
            throw damaged(file, e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private static FedbiomedException damaged(Path file, @Nullable Exception cause) {
        return new FedbiomedException(
                ErrorCode.INTERNAL,
                file + " is damaged; remove its round's folder and the later ones to go on from the round before",
                cause == null ? new IllegalArgumentException("null") : cause);
    }
}
