package fedbiomed.node;

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
import fedbiomed.protocol.transport.EnrolmentClient;
import fedbiomed.protocol.transport.FederationAddress;
import fedbiomed.protocol.transport.Invitation;
import fedbiomed.protocol.transport.TransportIdentity;
import fedbiomed.training.plan.PlanSource;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.ColumnMoments;
import fedbiomed.vocabulary.DatasetDescription;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.PreprocessingStatistics;
import fedbiomed.vocabulary.Sha256;
import fedbiomed.vocabulary.TrainingArgs;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A researcher that sends what it is told to, once, and keeps all that comes. */
final class TestResearcher implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(120);

    /** About those of {@link TestPlans#table}. */
    static final PreprocessingStatistics MOMENTS = new PreprocessingStatistics(
            new TreeMap<>(Map.of(
                    "a", new ColumnMoments(100, 0, 11_000, 1_213_333), "b", new ColumnMoments(100, 0, 600, 3_633))),
            new TreeMap<>(),
            1);

    final Identity identity;
    final TransportIdentity transport;
    final FederationAddress address;
    final MqttFederation federation;
    final ParameterStoreClient store;
    final List<Received> received = new CopyOnWriteArrayList<>();
    final List<Message.Scalars> scalars = new CopyOnWriteArrayList<>();
    final List<SealedRef> published = new CopyOnWriteArrayList<>();
    private final Map<String, String> names = new ConcurrentHashMap<>();
    private final TrustedParties trusted;
    private final Path home;

    TestResearcher(Path home, Invitation invitation) throws InterruptedException {
        this.home = home;
        var clock = Clock.systemUTC();
        transport = EnrolmentClient.enrol(invitation, home, clock);
        identity = Identity.create(invitation.party(), home);
        address = FederationAddress.load(home);
        store = new ParameterStoreClient(transport, address, PATIENCE);
        trusted = new TrustedParties(home, clock);
        federation = new MqttFederation(identity, trusted, transport, address, store::epoch, clock);
        federation.onMessage(received::add);
        federation.onScalars((_, batch) -> scalars.add(batch));
        federation.open();
        if (!federation.awaitConnected(PATIENCE.toMillis())) {
            throw new AssertionError("the researcher did not connect");
        }
    }

    PartyId party() {
        return identity.party();
    }

    /** So that scalars of the node are taken. */
    void trust(Node node) {
        trusted.trust(node.party(), node.federation().identity().keys().fingerprint());
    }

    /** @return the request's id */
    String send(PartyId node, Message message) {
        return send(node, message, Duration.ofMinutes(10));
    }

    String send(PartyId node, Message message, Duration lifetime) {
        return send(node, MessageCodec.encode(message), lifetime);
    }

    /** With the ways to all that was published. */
    private String send(PartyId node, byte[] body, Duration lifetime) {
        // once the node's presence has shown them
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> trusted.sealingKeys(node).isPresent());
        var message = new Outgoing(node, body).enclosing(List.copyOf(published));
        names.put(message.name(), Sha256.of(body));
        federation.send(message, Clock.systemUTC().instant().plus(lifetime)).join();
        return Sha256.of(body);
    }

    /** Fetches what a reply of {@code node} names, as it was sent last. */
    void download(ParametersRef ref, Path file) {
        var enclosed = received.reversed().stream()
                .flatMap(message -> message.enclosed().stream())
                .toList();
        store.download(Answer.find(enclosed, ref), file, TransferProgress.NONE);
    }

    Reply ask(PartyId node, Request request) {
        return ask(node, MessageCodec.encode(request));
    }

    /** Asks with a body that need not be a message. */
    Reply ask(PartyId node, byte[] body) {
        int before = received.size();
        var id = send(node, body, Duration.ofMinutes(10));
        Awaitility.await().atMost(PATIENCE).until(() -> repliesTo(id).size() > 0 && received.size() > before);
        return repliesTo(id).getLast();
    }

    <T extends Reply> T ask(PartyId node, Request request, Class<T> type) {
        var reply = ask(node, request);
        if (!type.isInstance(reply)) {
            throw new AssertionError("expected " + type.getSimpleName() + ", got " + reply);
        }
        return type.cast(reply);
    }

    List<Reply> repliesTo(String request) {
        return received.stream()
                .map(Received::message)
                .filter(message ->
                        message instanceof Reply reply && requestOf(reply).equals(request))
                .map(Reply.class::cast)
                .toList();
    }

    List<Reply.Error> errorsOf(ErrorCode code) {
        return received.stream()
                .map(Received::message)
                .filter(message -> message instanceof Reply.Error error && error.code() == code)
                .map(Reply.Error.class::cast)
                .toList();
    }

    /** An error may know only the message's name. */
    private String requestOf(Reply reply) {
        return reply instanceof Reply.Error error && error.request().isEmpty()
                ? names.getOrDefault(error.message(), "")
                : reply.request();
    }

    /** Publishes an initial model of {@link TestPlans#GOOD} to {@code node}. */
    ParametersRef publishModel(Path folder, PartyId node) throws IOException {
        return publish(
                folder.resolve("initial.safetensors"),
                node,
                Parameters.builder()
                        .put("coef", Tensor.ofDoubles(new double[2], 1, 2))
                        .put("intercept", Tensor.ofDoubles(new double[1], 1))
                        .build());
    }

    /** Publishes an initial model of {@link TestPlans#LOCAL_LAYER} to {@code node}. */
    ParametersRef publishLocalLayer(Path folder, PartyId node) throws IOException {
        return publish(
                folder.resolve("initial-layers.safetensors"),
                node,
                Parameters.builder()
                        .put("0.weight", Tensor.ofFloats(new float[] {0.5f, -0.2f, 0.1f, 0.4f, -0.3f, 0.6f}, 3, 2))
                        .put("0.bias", Tensor.ofFloats(new float[3], 3))
                        .put("2.weight", Tensor.ofFloats(new float[] {0.2f, 0.1f, -0.4f, 0.3f, 0.5f, -0.1f}, 2, 3))
                        .put("2.bias", Tensor.ofFloats(new float[2], 2))
                        .build());
    }

    ParametersRef publish(Path file, PartyId node, Parameters parameters) throws IOException {
        Safetensors.write(file, parameters);
        return publish(file, node);
    }

    ParametersRef publish(Path file, PartyId node) throws IOException {
        var entry = SealedEntry.of(file, file.resolveSibling(file.getFileName() + ".sealed"));
        store.upload(entry, List.of(node), TransferProgress.NONE);
        published.add(entry.ref());
        return entry.ref().plain();
    }

    Job job(Node node, DatasetDescription dataset, String plan, ParametersRef parameters) {
        return new Job(
                "run-1",
                1,
                0,
                party(),
                new Participant(node.party(), dataset.id()),
                dataset.fingerprint(),
                new PlanSource(plan).id(),
                new Args(Map.of("loss", "log_loss", "learning_rate", "constant", "eta0", 0.5)),
                TrainingArgs.builder()
                        .epochs(5)
                        .batchSize(16)
                        .testRatio(0.25)
                        .testOnGlobalUpdates(true)
                        .testOnLocalUpdates(true)
                        .logInterval(1)
                        .randomSeed(7)
                        .build(),
                null,
                MOMENTS,
                parameters);
    }

    static Job round(Job job, int round) {
        return with(job, round, job.participant(), job.trainingArgs(), job.parameters());
    }

    /** {@code job} in another round, so that it is another request, with these instead of its own. */
    static Job with(
            Job job, int round, Participant participant, TrainingArgs args, @Nullable ParametersRef parameters) {
        return new Job(
                job.runId(),
                round,
                job.attempt(),
                job.researcher(),
                participant,
                job.fingerprint(),
                job.plan(),
                job.modelArgs(),
                args,
                job.state(),
                job.preprocessing(),
                parameters);
    }

    /** {@code job} in another round (and run), from what the training {@code state} left. */
    static Job from(Job job, String run, int round, @Nullable String state) {
        return new Job(
                run,
                round,
                job.attempt(),
                job.researcher(),
                job.participant(),
                job.fingerprint(),
                job.plan(),
                job.modelArgs(),
                job.trainingArgs(),
                state,
                job.preprocessing(),
                job.parameters());
    }

    static Job withoutModel(Job job) {
        return new Job(
                job.runId(),
                0,
                job.attempt(),
                job.researcher(),
                job.participant(),
                job.fingerprint(),
                job.plan(),
                job.modelArgs(),
                job.trainingArgs(),
                null,
                null,
                null);
    }

    @Override
    public void close() {
        federation.close();
        store.close();
    }
}
