package fedbiomed.node.round;

import fedbiomed.node.policy.PolicyRule;
import fedbiomed.node.policy.Situation.Work;
import fedbiomed.node.registry.AttachmentStore;
import fedbiomed.node.registry.FileState;
import fedbiomed.node.registry.RegisteredDataset;
import fedbiomed.node.state.NodeStates;
import fedbiomed.node.state.StoredRequest;
import fedbiomed.parameters.CompressionScheme;
import fedbiomed.protocol.audit.AuditEvent;
import fedbiomed.protocol.audit.AuditKind;
import fedbiomed.protocol.audit.AuditTrail;
import fedbiomed.protocol.message.Answer;
import fedbiomed.protocol.message.Job;
import fedbiomed.protocol.message.Message;
import fedbiomed.protocol.message.Reply;
import fedbiomed.protocol.message.Request;
import fedbiomed.training.NodeState;
import fedbiomed.training.optimizer.Corrections;
import fedbiomed.training.optimizer.GradientChain;
import fedbiomed.training.worker.WorkerJob;
import fedbiomed.training.worker.WorkerReply;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PlanStatus;
import fedbiomed.vocabulary.TrainingArgs;
import fedbiomed.vocabulary.UpdateCompression;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request's work, from the checks to the answer: may it be done, fetch the parameters, hand the job to a worker,
 * check what came out, publish it to the researcher alone.
 */
final class TrainJob {
    private static final Logger LOG = LoggerFactory.getLogger(TrainJob.class);
    private static final long NANOS_PER_MILLI = 1_000_000;

    /** Of the classes without which no plan reaches PyTorch. */
    private static final String TORCH_PACKAGE = "fedbiomed.training.torch";

    private final StoredRequest request;
    private final Job job;
    private final Permission permission;
    private final AttachmentStore attachments;
    private final ModelFiles models;
    private final NodeStates states;
    private final Workers workers;
    private final Declarations declarations;
    private final Predicate<Message.Scalars> scalars;
    private final Path folder;
    private final AuditTrail audit;
    private final Clock clock;

    TrainJob(
            StoredRequest request,
            Job job,
            Permission permission,
            AttachmentStore attachments,
            ModelFiles models,
            NodeStates states,
            Workers workers,
            Declarations declarations,
            Predicate<Message.Scalars> scalars,
            Path folder,
            AuditTrail audit,
            Clock clock) {
        this.request = request;
        this.job = job;
        this.permission = permission;
        this.attachments = attachments;
        this.models = models;
        this.states = states;
        this.workers = workers;
        this.declarations = declarations;
        this.scalars = scalars;
        this.folder = folder;
        this.audit = audit;
        this.clock = clock;
    }

    /** @throws FedbiomedException why it was not done; its text may be sent */
    Answer answer(Request question) {
        if (!clock.instant().isBefore(request.expires())) {
            throw new FedbiomedException(
                    ErrorCode.EXPIRED, "the request expired before its turn came at the node; ask again");
        }
        var work = work(question);
        var grant = permission.require(request, job, work);
        GradientChain.check(job.trainingArgs());
        requireKnown(job.trainingArgs().compression());
        try {
            grant.minimum()
                    .requireArguments(
                            grant.dataset().id(), grant.dataset().description().rows(), job.trainingArgs(), task(work));
            permission.begin(request, grant, work);
            recordIfUnapproved(grant, question);
            return switch (question) {
                case Request.Train train -> train(grant, train);
                case Request.Evaluate _ -> new Answer(evaluate(grant));
                case Request.Check _ -> new Answer(check(grant));
                case Request.Statistics _ -> new Answer(statistics(grant));
                default -> throw new IllegalArgumentException("no work: " + question.getClass());
            };
        } catch (FedbiomedException e) {
            throw e.withText(withoutPaths(e.text(), grant.dataset()));
        }
    }

    private static void requireKnown(@Nullable UpdateCompression compression) {
        if (compression != null) {
            CompressionScheme.of(compression);
        }
    }

    private static Work work(Request question) {
        return switch (question) {
            case Request.Train _ -> Work.TRAIN;
            case Request.Evaluate _ -> Work.EVALUATE;
            case Request.Check _ -> Work.CHECK;
            default -> Work.STATISTICS;
        };
    }

    private static WorkerJob.Task task(Work work) {
        return switch (work) {
            case TRAIN -> WorkerJob.Task.TRAIN;
            case EVALUATE -> WorkerJob.Task.EVALUATE;
            case CHECK -> WorkerJob.Task.CHECK;
            case STATISTICS -> WorkerJob.Task.STATISTICS;
        };
    }

    /** The policy lets a plan run that nobody has read: whoever reads the audit log must see it. */
    private void recordIfUnapproved(Permission.Grant grant, Request question) {
        if (grant.plan().status() != PlanStatus.APPROVED) {
            LOG.warn(
                    "the plan {} runs without approval: policy.yaml names researcher '{}' in unapproved_plans_from",
                    grant.plan().id().abbreviated(),
                    request.researcher());
            audit.append(AuditEvent.of(AuditKind.PLAN_RUN_UNAPPROVED)
                    .party(request.researcher(), request.fingerprint())
                    .request(request.id(), question)
                    .build());
        }
    }

    private Answer train(Permission.Grant grant, Request.Train question) {
        var incoming = folder.resolve("global.safetensors");
        var trained = folder.resolve("trained.safetensors");
        long start = System.nanoTime();
        bringState(grant, incoming);
        models.fetch(job.parameters(), request.enclosed(), incoming);
        long downloadMillis = millisSince(start);
        var stream = stream(grant);
        var done = work(Work.TRAIN, grant, incoming, trained, stream);
        var leaving = permission.requireLeaving(request, grant, Work.TRAIN);
        var minimum = leaving.minimum();
        // withdrawn while it was at work, it is withheld as if it had been from the start
        boolean metrics = grant.metricsLeave() && leaving.metricsLeave();
        minimum.requireRows("the training set of dataset " + grant.dataset().id(), done.samples());
        minimum.requireTested(grant.dataset().id(), done.globalTest());
        minimum.requireTested(grant.dataset().id(), done.localTest());
        ModelFiles.requireTrained(
                incoming, trained, Corrections.leaving(job.trainingArgs().correction()));
        var sent = ModelFiles.leaving(job.trainingArgs().compression(), incoming, trained);
        // before the answer is: an answer that is kept has its state
        boolean stateKept = keepState(grant, trained);
        audit.append(AuditEvent.of(AuditKind.PARAMETERS_RELEASED)
                .party(request.researcher(), request.fingerprint())
                .request(request.id(), question)
                .samples(done.samples())
                .bytesOut(sent.toFile().length())
                .build());
        start = System.nanoTime();
        var update = models.publish(sent, request.researcher());
        var reply = new Reply.Train(
                request.id(),
                done.samples(),
                done.updates(),
                metrics && Double.isFinite(done.loss()) ? Double.valueOf(done.loss()) : null,
                metrics ? done.globalTest() : null,
                metrics ? done.localTest() : null,
                metrics ? null : PolicyRule.METRICS_LEAVE.key(),
                update.plain(),
                stateKept,
                done.timings().with("download", downloadMillis).with("upload", millisSince(start)),
                metrics ? stream.arisen() : null);
        return new Answer(reply, List.of(update));
    }

    /** Puts the predecessor's state where the worker looks for it. */
    private void bringState(Permission.Grant grant, Path incoming) {
        var predecessor = job.state();
        if (predecessor != null) {
            states.bring(ownerOf(grant), predecessor, NodeState.before(incoming));
        }
    }

    private boolean keepState(Permission.Grant grant, Path trained) {
        var state = NodeState.after(trained);
        if (!Files.exists(state)) {
            return false;
        }
        ModelFiles.requireState(state);
        states.keep(ownerOf(grant), job.runId(), request.id(), job.state(), state);
        return true;
    }

    private NodeStates.Owner ownerOf(Permission.Grant grant) {
        return new NodeStates.Owner(
                request.researcher(),
                request.fingerprint(),
                grant.dataset().id(),
                grant.dataset().description().fingerprint(),
                grant.plan().id());
    }

    private Reply evaluate(Permission.Grant grant) {
        var incoming = folder.resolve("global.safetensors");
        long start = System.nanoTime();
        bringState(grant, incoming);
        models.fetch(job.parameters(), request.enclosed(), incoming);
        long downloadMillis = millisSince(start);
        var done = work(Work.EVALUATE, grant, incoming, null, stream(grant));
        permission
                .requireLeaving(request, grant, Work.EVALUATE)
                .minimum()
                .requireTested(grant.dataset().id(), done.globalTest());
        return new Reply.Evaluate(
                request.id(),
                require(done.globalTest(), "test results"),
                done.timings().with("download", downloadMillis));
    }

    private Reply check(Permission.Grant grant) {
        var done = work(Work.CHECK, grant, null, null, stream(grant));
        permission
                .requireLeaving(request, grant, Work.CHECK)
                .minimum()
                .requireRows("the training set of dataset " + grant.dataset().id(), done.samples());
        return new Reply.Check(request.id(), done.samples(), done.batch(), Math.max(1, done.updates()), done.timings());
    }

    private Reply statistics(Permission.Grant grant) {
        var done = work(Work.STATISTICS, grant, null, null, stream(grant));
        var statistics = require(done.statistics(), "statistics");
        permission
                .requireLeaving(request, grant, Work.STATISTICS)
                .minimum()
                .requireMoments(grant.dataset().id(), statistics.columns());
        return new Reply.Statistics(request.id(), statistics, done.timings());
    }

    private static <T> T require(@Nullable T result, String what) {
        if (result == null) {
            throw new FedbiomedException(ErrorCode.PLAN_FAILED, "the plan's result was refused: it has no " + what);
        }
        return result;
    }

    /** For the researcher's monitor. */
    private ScalarStream stream(Permission.Grant grant) {
        var source = grant.plan().source();
        return new ScalarStream(
                request.id(),
                job,
                new DeclaredResults(source, declarations.of(source)),
                // asked for each batch: the policy may change while it runs
                batch -> !permission.metricsLeave(grant) || scalars.test(batch));
    }

    private WorkerReply.Done work(
            Work work, Permission.Grant grant, @Nullable Path incoming, @Nullable Path output, ScalarStream stream) {
        var plan = grant.plan();
        var dataset = grant.dataset();
        var source = workers.plan(folder, plan, attachments);
        boolean torch = plan.source().text().contains(TORCH_PACKAGE);
        var key = new WorkerKey(request.researcher(), request.fingerprint(), job.runId(), dataset.id(), plan.id());
        var declared = stream.declared();
        var workerJob = new WorkerJob(
                task(work),
                source,
                job.modelArgs(),
                arguments(work, grant, torch),
                job.participant(),
                job.round(),
                dataset.read(),
                incoming,
                output,
                job.preprocessing(),
                grant.minimum().least());
        WorkerReply.Done done;
        long start = System.nanoTime();
        try (var _ = permission.measure(request, grant)) {
            done = workers.run(key, workerJob, torch, stream);
        }
        long workMillis = millisSince(start);
        requireStillUnchanged(dataset);
        declared.requireDeclared(done.globalTest());
        declared.requireDeclared(done.localTest());
        declared.requireBatch(done.batch(), job.trainingArgs().loaderArgs().batchSize());
        if (done.statistics() != null) {
            declared.requireDeclared(done.statistics(), dataset.description());
        }
        var timings = declared.declared(done.timings());
        // what the worker does not know: a process was to be started, the job and its result to be handed over
        return done.timed(timings.with("start", Math.clamp(workMillis - timings.totalMillis(), 0, workMillis)));
    }

    /** The researcher's, less what the node does not allow: nothing is tested whose result may not leave. */
    private TrainingArgs arguments(Work work, Permission.Grant grant, boolean torch) {
        var args = job.trainingArgs().toBuilder().useGpu(onGpu(torch));
        return work == Work.TRAIN && !grant.metricsLeave()
                ? args.testOnGlobalUpdates(false).testOnLocalUpdates(false).build()
                : args.build();
    }

    /** The researcher may ask for a GPU, the node decides and says why in its log. */
    private boolean onGpu(boolean torch) {
        var decision = workers.gpu(job.trainingArgs().useGpu(), torch);
        if (decision.warning()) {
            LOG.warn("GPU: request of '{}': {}", request.researcher(), decision.because());
        } else if (!decision.because().isEmpty()) {
            LOG.info("request of '{}': {}", request.researcher(), decision.because());
        }
        return decision.gpu();
    }

    /** A file that was written while a plan read it: what came of it belongs to no content that anybody knows. */
    private static void requireStillUnchanged(RegisteredDataset dataset) {
        FileState now;
        try {
            now = FileState.of(dataset.path());
        } catch (IOException | FedbiomedException _) {
            // the error would tell the researcher what a file in the folder is called
            now = new FileState("gone");
        }
        if (!now.equals(dataset.fileState())) {
            throw new FedbiomedException(
                    ErrorCode.DATASET_CHANGED,
                    "the file of dataset " + dataset.id()
                            + " changed while it was worked on; the result was discarded. Ask again; if the content is"
                            + " another now, the data manager adds the dataset anew");
        }
    }

    /** The folders of a hospital, and what it calls its files, are nobody's business outside. */
    private String withoutPaths(String text, RegisteredDataset dataset) {
        var path = dataset.path();
        var shown = text.replace(path.toString(), "the file of dataset " + dataset.id())
                .replace(folder + "/", "")
                .replace(folder.toString(), "the job's folder");
        var name = Pattern.compile("(?<![\\w.-])" + Pattern.quote(String.valueOf(path.getFileName())) + "(?![\\w-])");
        return name.matcher(shown).replaceAll(Matcher.quoteReplacement("the file of dataset " + dataset.id()));
    }

    private static long millisSince(long start) {
        return (System.nanoTime() - start) / NANOS_PER_MILLI;
    }
}
