package fedbiomed.node.round;

import fedbiomed.node.registry.AttachmentStore;
import fedbiomed.node.state.NodeStates;
import fedbiomed.node.state.RequestJournal;
import fedbiomed.node.state.StoredRequest;
import fedbiomed.protocol.audit.AuditTrail;
import fedbiomed.protocol.message.Answer;
import fedbiomed.protocol.message.Job;
import fedbiomed.protocol.message.Message;
import fedbiomed.protocol.message.MessageCodec;
import fedbiomed.protocol.message.Reply;
import fedbiomed.protocol.message.Request;
import fedbiomed.protocol.store.ParameterStore;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Scalar;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives each request that the journal holds its work folder and its {@link TrainJob}, and turns what goes wrong into an answer. */
public final class Rounds {
    private static final Logger LOG = LoggerFactory.getLogger(Rounds.class);

    /** A request that was begun so often and never answered takes the node down with it; it is not begun again. */
    static final int MAX_ATTEMPTS = 3;

    private final RequestJournal journal;
    private final Permission permission;
    private final AttachmentStore attachments;
    private final ModelFiles models;
    private final NodeStates states;
    private final Workers workers;
    private final Declarations declarations;
    private final BiPredicate<PartyId, Message.Scalars> monitor;
    private final JobFolders work;
    private final AuditTrail audit;
    private final Clock clock;

    /** @param monitor sends numbers to a researcher's monitor; false if it could not */
    public Rounds(
            RequestJournal journal,
            Permission permission,
            AttachmentStore attachments,
            ParameterStore store,
            long largestModelBytes,
            NodeStates states,
            Workers workers,
            Declarations declarations,
            BiPredicate<PartyId, Message.Scalars> monitor,
            JobFolders work,
            AuditTrail audit,
            Clock clock) {
        this.journal = journal;
        this.permission = permission;
        this.attachments = attachments;
        this.models = new ModelFiles(store, largestModelBytes);
        this.states = states;
        this.workers = workers;
        this.declarations = declarations;
        this.monitor = monitor;
        this.work = work;
        this.audit = audit;
        this.clock = clock;
    }

    /** The answer to a request; none where it is no longer wanted. */
    public Optional<Answer> work(StoredRequest request) {
        int attempt = journal.begin(request.id());
        if (attempt == 0) {
            return Optional.empty();
        }
        try {
            if (attempt > MAX_ATTEMPTS) {
                throw new FedbiomedException(
                        ErrorCode.INTERNAL,
                        "the node stopped " + MAX_ATTEMPTS
                                + " times while it worked on this request; it is not tried again. Ask its data manager"
                                + " for the node's log");
            }
            // as it was asked last: what it names may have been sealed anew
            return Optional.of(answer(journal.find(request.id()).orElse(request)));
        } catch (FedbiomedException e) {
            LOG.info("request {} of {}: {}: {}", request.id(), request.researcher(), e.code(), e.text());
            return Optional.of(new Answer(Reply.Error.of(request.id(), e)));
        } catch (RuntimeException e) {
            LOG.error("request {} of {} failed", request.id(), request.researcher(), e);
            return Optional.of(new Answer(new Reply.Error(
                    request.id(),
                    ErrorCode.INTERNAL,
                    "the node failed with " + e.getClass().getName()
                            + "; ask its data manager for the node's log of request "
                            + request.id().substring(0, 12))));
        }
    }

    /** Of its researcher: the run. */
    public static String experimentOf(StoredRequest request) {
        return job(request).map(Job::runId).orElse("");
    }

    /** What a request asks for; empty if it is none for work. */
    public static Optional<Job> job(StoredRequest request) {
        return MessageCodec.decode(request.body()) instanceof Request question && isWork(question)
                ? Optional.of(jobOf(question))
                : Optional.empty();
    }

    private static boolean isWork(Request question) {
        return switch (question) {
            case Request.Train _, Request.Evaluate _, Request.Check _, Request.Statistics _ -> true;
            case Request.Search _, Request.ListDatasets _, Request.PlanState _, Request.Approval _ -> false;
        };
    }

    /** Tells the researcher's monitor where a request stands that waits. */
    public void tellPlace(StoredRequest request, int place, int of) {
        job(request).ifPresent(job -> {
            var scalar = new Scalar(job.round(), job.participant(), Scalar.QUEUE, Scalar.PLACE, place, of, place);
            var told = new Message.Scalars(request.id(), List.of(scalar), 0);
            // never waited for: a place is soon another
            Thread.ofVirtual().start(() -> {
                if (!monitor.test(request.researcher(), told)) {
                    LOG.debug("place {} of request {} was not told: no connection", place, request.id());
                }
            });
        });
    }

    private Answer answer(StoredRequest request) {
        if (!(MessageCodec.decode(request.body()) instanceof Request question)) {
            throw new FedbiomedException(ErrorCode.BAD_MESSAGE, "not a request");
        }
        var job = jobOf(question);
        var folder = work.take();
        try {
            Predicate<Message.Scalars> scalars = batch -> monitor.test(request.researcher(), batch);
            var answer = new TrainJob(
                            request,
                            job,
                            permission,
                            attachments,
                            models,
                            states,
                            workers,
                            declarations,
                            scalars,
                            folder,
                            audit,
                            clock)
                    .answer(question);
            LOG.info(
                    "{} for researcher '{}' on dataset '{}' with plan {}, round {}",
                    done(answer.reply()),
                    job.researcher(),
                    job.participant().dataset(),
                    job.plan().abbreviated(),
                    job.round());
            return answer;
        } finally {
            work.giveBack(folder);
        }
    }

    private static String done(Reply reply) {
        return switch (reply) {
            case Reply.Train train -> "trained on " + train.samples() + " rows";
            case Reply.Evaluate evaluate ->
                "tested a model on " + evaluate.test().count() + " rows";
            case Reply.Statistics _ -> "summed up columns";
            default -> "worked";
        };
    }

    private static Job jobOf(Request question) {
        return switch (question) {
            case Request.Train(var job) -> job;
            case Request.Evaluate(var job) -> job;
            case Request.Check(var job) -> job;
            case Request.Statistics(var job) -> job;
            case Request.Search _, Request.ListDatasets _, Request.PlanState _, Request.Approval _ ->
                throw new FedbiomedException(ErrorCode.BAD_MESSAGE, "not a request for work");
        };
    }
}
