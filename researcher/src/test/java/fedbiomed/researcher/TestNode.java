package fedbiomed.researcher;

import fedbiomed.data.DatasetKinds;
import fedbiomed.data.source.StoredDataset;
import fedbiomed.parameters.Parameters;
import fedbiomed.parameters.Safetensors;
import fedbiomed.parameters.Tensor;
import fedbiomed.protocol.Outgoing;
import fedbiomed.protocol.Received;
import fedbiomed.protocol.identity.Identity;
import fedbiomed.protocol.identity.TrustedParties;
import fedbiomed.protocol.message.Answer;
import fedbiomed.protocol.message.Job;
import fedbiomed.protocol.message.Message;
import fedbiomed.protocol.message.MessageCodec;
import fedbiomed.protocol.message.ParametersRef;
import fedbiomed.protocol.message.Reply;
import fedbiomed.protocol.message.Request;
import fedbiomed.protocol.message.SealedRef;
import fedbiomed.protocol.mqtt.MqttFederation;
import fedbiomed.protocol.store.ParameterStoreClient;
import fedbiomed.protocol.store.SealedEntry;
import fedbiomed.protocol.store.TransferProgress;
import fedbiomed.protocol.transport.FederationAddress;
import fedbiomed.protocol.transport.TransportIdentity;
import fedbiomed.training.LoadedPlan;
import fedbiomed.training.plan.PlanSource;
import fedbiomed.training.worker.WorkerJob;
import fedbiomed.vocabulary.DatasetDescription;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.PlanStatus;
import fedbiomed.vocabulary.PreprocessingStatistics;
import fedbiomed.vocabulary.Scalar;
import fedbiomed.vocabulary.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A node as far as a researcher can tell: real keys, broker and store, training in this JVM. What it does with a training
 * request can be scripted.
 */
public final class TestNode implements AutoCloseable {
    private static final Tensor THREE = Tensor.ofDoubles(new double[] {1, 2, 3}, 1, 3);
    /** What it does with a training request. */
    public enum Script {
        TRAIN,
        ERROR,
        /** An error, and the next time as {@link #TRAIN}. */
        ERROR_ONCE,
        STEERING_ERROR,
        FORGED_STATISTICS,
        SILENT,
        WRONG_SHAPE,
        NOT_FINITE,
        WRONG_HASH,
        TOO_MANY_SAMPLES,
        TWICE
    }

    public final PartyId party;
    public final AtomicInteger trainings = new AtomicInteger();
    public final List<String> cancelled = java.util.Collections.synchronizedList(new ArrayList<>());
    public final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    public volatile Script script = Script.TRAIN;
    public volatile PlanStatus planStatus = PlanStatus.APPROVED;
    public volatile int approvalsAsked;
    /** What it says of each training. */
    public volatile boolean keepsState;
    /** So many numbers of each training never reach the researcher's monitor. */
    public volatile int losesScalars;
    /** What trainings and tests were to start from, by round; "none" for none. */
    public final List<String> startedFrom = java.util.Collections.synchronizedList(new ArrayList<>());
    /** What it says of its rows, by {@link Script#FORGED_STATISTICS}. */
    public volatile PreprocessingStatistics forged = PreprocessingStatistics.NONE;
    /** What it sends instead of the model that it has trained. */
    public volatile UnaryOperator<Parameters> sends = UnaryOperator.identity();
    /** Closed: trainings wait until it opens. */
    public volatile CountDownLatch gate = new CountDownLatch(0);

    private final Path home;
    private final Path data;
    public volatile DatasetDescription dataset;
    private final TransportIdentity transport;
    private final Identity identity;
    private final TrustedParties trusted;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final Map<String, Long> arisen = new ConcurrentHashMap<>();
    private final Set<String> tests = ConcurrentHashMap.newKeySet();
    private final Set<String> running = ConcurrentHashMap.newKeySet();
    private final Map<String, PlanSource> plans = new ConcurrentHashMap<>();
    private @Nullable MqttFederation federation;
    private @Nullable ParameterStoreClient store;

    TestNode(Path home, TransportIdentity transport, Path data, String... tags) {
        this.home = home;
        this.data = data;
        this.transport = transport;
        this.party = transport.party();
        this.identity = Identity.create(party, home);
        this.trusted = new TrustedParties(home, Clock.systemUTC());
        var content = DatasetKinds.describe(new StoredDataset("csv", data));
        this.dataset = new DatasetDescription(
                "sick",
                "Sick people",
                "csv",
                new TreeSet<>(List.of(tags)),
                "generated",
                content.shape(),
                content.columns(),
                content.fingerprint());
    }

    public Identity identity() {
        return identity;
    }

    public Participant participant() {
        return new Participant(party, dataset.id());
    }

    public void knows(Identity researcher) {
        trusted.trust(researcher.party(), researcher.keys().fingerprint());
    }

    public void plan(PlanSource source) {
        plans.put(source.id().value(), source);
    }

    public void start() throws InterruptedException {
        var address = FederationAddress.load(home);
        var client = new ParameterStoreClient(transport, address, Duration.ofSeconds(30));
        var mqtt = new MqttFederation(identity, trusted, transport, address, client::epoch, Clock.systemUTC());
        store = client;
        federation = mqtt;
        mqtt.onMessage(this::receive);
        mqtt.open();
        if (!mqtt.awaitConnected(TestWorld.PATIENCE.toMillis())) {
            throw new IllegalStateException(party + " is not connected");
        }
    }

    private MqttFederation federation() {
        return Objects.requireNonNull(federation, "not started");
    }

    private ParameterStoreClient store() {
        return Objects.requireNonNull(store, "not started");
    }

    /** Gone, as when its machine is switched off in good order. */
    public void stop() {
        federation().close();
        store().close();
    }

    private void receive(Received received) {
        switch (received.message()) {
            case Request.Search search ->
                send(
                        received,
                        new Reply.Datasets(
                                received.id(),
                                dataset.tags().containsAll(search.tags()) ? List.of(dataset) : List.of()));
            case Request.ListDatasets _ -> send(received, new Reply.Datasets(received.id(), List.of(dataset)));
            case Request.PlanState state ->
                send(received, new Reply.PlanState(received.id(), state.plan(), planStatus, "looked at it"));
            case Request.Approval approval -> {
                var source = new PlanSource(approval.source());
                plan(source);
                approvalsAsked++;
                planStatus = PlanStatus.PENDING;
                send(received, new Reply.PlanState(received.id(), source.id(), planStatus, ""));
            }
            case Message.Cancel cancel -> cancelled.add(cancel.request());
            case Message.Ack ack -> acknowledged.add(ack.request());
            case Request work -> Thread.ofVirtual().start(() -> work(received, work));
            default -> throw new IllegalStateException("a node is not sent " + received.message());
        }
    }

    private void work(Received received, Request request) {
        var known = answers.get(received.id());
        if (known != null) {
            send(received, known);
            return;
        }
        if (!running.add(received.id())) {
            return;
        }
        try {
            if (request instanceof Request.Train) {
                gate.await();
            }
            var reply = reply(received, request);
            if (reply != null) {
                if (reply.reply() instanceof Reply.Train) {
                    answers.put(received.id(), reply);
                }
                send(received, reply);
                if (script == Script.TWICE) {
                    send(received, reply);
                    send(received, reply);
                }
            }
        } catch (FedbiomedException e) {
            send(received, new Reply.Error(received.id(), e.code(), e.text()));
        } catch (IOException | InterruptedException e) {
            send(received, new Reply.Error(received.id(), ErrorCode.INTERNAL, e.toString()));
        } finally {
            running.remove(received.id());
        }
    }

    private @Nullable Answer reply(Received received, Request request) throws IOException {
        return switch (request) {
            case Request.Statistics(var job) -> {
                var done = run(job, WorkerJob.Task.STATISTICS, null, null, received.id());
                var statistics =
                        script == Script.FORGED_STATISTICS ? forged : Objects.requireNonNull(done.statistics());
                yield new Answer(new Reply.Statistics(received.id(), statistics, done.timings()));
            }
            case Request.Evaluate(var job) -> {
                // a test is done again where it is asked again, as at a node: it is noted once
                if (tests.add(received.id())) {
                    startedFrom.add(Objects.requireNonNullElse(job.state(), "none"));
                }
                var done = run(job, WorkerJob.Task.EVALUATE, download(received, job), null, received.id());
                yield new Answer(
                        new Reply.Evaluate(received.id(), Objects.requireNonNull(done.globalTest()), done.timings()));
            }
            case Request.Check(var job) -> {
                if (planStatus != PlanStatus.APPROVED) {
                    throw new FedbiomedException(ErrorCode.PLAN_PENDING, "the plan waits for review");
                }
                var done = run(job, WorkerJob.Task.CHECK, null, null, received.id());
                yield new Answer(
                        new Reply.Check(received.id(), done.samples(), done.batch(), done.updates(), done.timings()));
            }
            case Request.Train(var job) -> train(received, job);
            default -> throw new IllegalStateException("answered at once: " + request);
        };
    }

    /** Brings what a researcher has published. @throws FedbiomedException if it is not there for this node */
    public void fetch(SealedRef ref) {
        store().download(ref, home.resolve("fetched.safetensors"), TransferProgress.NONE);
    }

    private @Nullable Answer train(Received received, Job job) throws IOException {
        switch (script) {
            case ERROR -> {
                return new Answer(new Reply.Error(received.id(), ErrorCode.PLAN_FAILED, "the plan threw in line 7"));
            }
            case ERROR_ONCE -> {
                script = Script.TRAIN;
                return new Answer(new Reply.Error(received.id(), ErrorCode.PLAN_FAILED, "the worker was killed"));
            }
            case STEERING_ERROR -> {
                return new Answer(new Reply.Error(
                        received.id(),
                        ErrorCode.PLAN_FAILED,
                        "\u001b[2Jthe plan threw\rnothing\nRound 1 of 1: all is well"));
            }
            case SILENT -> {
                return null;
            }
            default -> {
                trainings.incrementAndGet();
                startedFrom.add(Objects.requireNonNullElse(job.state(), "none"));
            }
        }
        var output = home.resolve("update-" + received.id() + ".safetensors");
        var done = run(job, WorkerJob.Task.TRAIN, download(received, job), output, received.id());
        switch (script) {
            case WRONG_SHAPE ->
                Safetensors.write(
                        output, Parameters.builder().put("coef", THREE).build());
            case NOT_FINITE -> makeNaN(output);
            default -> {}
        }
        Safetensors.write(output, sends.apply(Safetensors.map(output)));
        var entry = SealedEntry.of(output, output.resolveSibling(output.getFileName() + ".sealed"));
        store().upload(entry, List.of(received.from()), TransferProgress.NONE);
        var update = entry.ref();
        if (script == Script.WRONG_HASH) {
            var other = new ParametersRef(Sha256.of("other"), update.plain().sizeBytes());
            update = new SealedRef(other, update.entry(), update.key());
        }
        var reply = new Reply.Train(
                received.id(),
                script == Script.TOO_MANY_SAMPLES ? 1_000_000 : done.samples(),
                done.updates(),
                done.loss(),
                done.globalTest(),
                done.localTest(),
                null,
                update.plain(),
                keepsState,
                done.timings(),
                arisen.getOrDefault(received.id(), 0L));
        return new Answer(reply, List.of(update));
    }

    private static void makeNaN(Path output) {
        var builder = Parameters.builder();
        try (var mapped = Safetensors.open(output)) {
            mapped.parameters().tensors().forEach((name, tensor) -> {
                var values = tensor.toDoubles();
                values[0] = Double.NaN;
                builder.put(name, Tensor.ofDoubles(values, tensor.shape()));
            });
        }
        Safetensors.write(output, builder.build());
    }

    private Path download(Received received, Job job) {
        var parameters = Objects.requireNonNull(job.parameters());
        var file = home.resolve("incoming-" + parameters.sha256() + ".safetensors");
        store().download(Answer.find(received.enclosed(), parameters), file, TransferProgress.NONE);
        return file;
    }

    private fedbiomed.training.worker.WorkerReply.Done run(
            Job job, WorkerJob.Task task, @Nullable Path parameters, @Nullable Path output, String request)
            throws IOException {
        var source = plans.get(job.plan().value());
        if (source == null) {
            throw new FedbiomedException(ErrorCode.PLAN_UNKNOWN, "the node does not know the plan");
        }
        var planFile = Files.writeString(home.resolve(source.className() + ".java"), source.text());
        try (var plan = LoadedPlan.compile(source)) {
            return plan.run(
                    new WorkerJob(
                            task,
                            planFile,
                            job.modelArgs(),
                            job.trainingArgs(),
                            job.participant(),
                            job.round(),
                            new StoredDataset("csv", data),
                            parameters,
                            output,
                            job.preprocessing()),
                    scalar -> monitor(job, request, scalar));
        }
    }

    private void monitor(Job job, String request, Scalar scalar) {
        if (arisen.merge(request, 1L, Long::sum) <= losesScalars) {
            return;
        }
        federation().monitor(job.researcher(), new Message.Scalars(request, List.of(scalar), 0));
    }

    private void send(Received to, Reply reply) {
        send(to, new Answer(reply));
    }

    private void send(Received to, Answer answer) {
        var reply = answer.reply() instanceof Reply.Error error ? error.answering(to.name()) : answer.reply();
        try {
            federation()
                    .send(
                            new Outgoing(to.from(), MessageCodec.encode(reply))
                                    .enclosing(answer.enclosed())
                                    .sealedFor(to.keys()),
                            to.expires());
        } catch (java.util.concurrent.RejectedExecutionException e) {
            // stopped while it was at work
        }
    }

    @Override
    public void close() {
        gate.countDown();
        // what is trained still writes into this node's folder
        Awaitility.await().until(running::isEmpty);
        if (federation != null) {
            stop();
        }
    }
}
