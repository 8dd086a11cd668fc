package fedbiomed.node;

import fedbiomed.node.policy.PolicyGate;
import fedbiomed.node.registry.DatasetRegistry;
import fedbiomed.node.registry.PlanRegistry;
import fedbiomed.node.registry.RegisteredDataset;
import fedbiomed.node.round.JobQueue;
import fedbiomed.node.round.Permission;
import fedbiomed.node.state.RequestJournal;
import fedbiomed.node.state.RequestJournal.Admission;
import fedbiomed.node.state.StoredRequest;
import fedbiomed.protocol.Federation;
import fedbiomed.protocol.Outgoing;
import fedbiomed.protocol.Received;
import fedbiomed.protocol.audit.AuditEvent;
import fedbiomed.protocol.audit.AuditKind;
import fedbiomed.protocol.audit.AuditTally;
import fedbiomed.protocol.audit.AuditTrail;
import fedbiomed.protocol.message.Answer;
import fedbiomed.protocol.message.Envelope;
import fedbiomed.protocol.message.Job;
import fedbiomed.protocol.message.Message;
import fedbiomed.protocol.message.MessageCodec;
import fedbiomed.protocol.message.Reply;
import fedbiomed.protocol.message.Request;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.PlanId;
import fedbiomed.vocabulary.PlanStatus;
import java.time.Clock;
import java.util.SortedSet;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What comes to the node. Nothing is done for a sender that the data manager does not trust. Short questions are
 * answered at once; work is written into the journal before the broker is told that it arrived, and queued.
 */
final class Inbox {
    private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);

    /** The header and signature of an envelope, with room to spare. */
    private static final int MAX_REPLY_BYTES = Envelope.MAX_BYTES - (16 << 10);

    private final Federation federation;
    private final DatasetRegistry datasets;
    private final PlanRegistry plans;
    private final PlanIntake intake;
    private final PolicyGate policy;
    private final Permission permission;
    private final RequestJournal journal;
    private final ReplyOutbox outbox;
    private final JobQueue queue;
    private final AuditTrail audit;
    /** What anybody can bring about by a message, as often as he likes. */
    private final AuditTally counted;

    private final PartyId self;
    private final Clock clock;

    Inbox(
            Federation federation,
            DatasetRegistry datasets,
            PlanRegistry plans,
            PlanIntake intake,
            PolicyGate policy,
            Permission permission,
            RequestJournal journal,
            ReplyOutbox outbox,
            JobQueue queue,
            AuditTrail audit,
            AuditTally counted,
            Clock clock) {
        this.federation = federation;
        this.datasets = datasets;
        this.plans = plans;
        this.intake = intake;
        this.policy = policy;
        this.permission = permission;
        this.journal = journal;
        this.outbox = outbox;
        this.queue = queue;
        this.audit = audit;
        this.counted = counted;
        this.self = federation.identity().party();
        this.clock = clock;
    }

    /** The federation's message handler: when it returns, what must not be lost is safe. */
    void accept(Received received) {
        try {
            switch (received.trust()) {
                case TRUSTED -> handle(received);
                case UNKNOWN, SEEN, KEY_CHANGED, REVOKED -> refuseStranger(received);
            }
        } catch (FedbiomedException e) {
            answer(received, Reply.Error.of(received.id(), e));
        } catch (RuntimeException e) {
            LOG.error("a message of {} could not be handled", received.from(), e);
            answer(
                    received,
                    new Reply.Error(
                            received.id(),
                            ErrorCode.INTERNAL,
                            "node '" + self + "' could not take the message ("
                                    + e.getClass().getName()
                                    + "); ask again later, or ask its data manager for the node's log"));
        }
    }

    private void refuseStranger(Received received) {
        var fingerprint = received.keys().fingerprint();
        var remedy = "its data manager compares your fingerprint with you, then runs: fedbiomed node researcher trust "
                + received.from() + " " + fingerprint;
        var why = switch (received.trust()) {
            case KEY_CHANGED ->
                "node '" + self + "' trusts researcher '" + received.from()
                        + "' under another fingerprint than that of this message; if the keys were really made anew, ";
            case REVOKED ->
                "node '" + self + "' has withdrawn its trust in researcher '" + received.from()
                        + "'; if that was a mistake, ";
            case UNKNOWN, SEEN, TRUSTED ->
                "node '" + self + "' does not trust researcher '" + received.from() + "' yet; ";
        };
        answer(received, new Reply.Error(received.id(), ErrorCode.UNTRUSTED_SENDER, why + remedy));
    }

    private void handle(Received received) {
        if (received.message() instanceof Request) {
            policy.requireResearcher(received.from());
        }
        switch (received.message()) {
            case Request.Search search -> answer(received, found(received, search.tags()));
            case Request.ListDatasets _ -> answer(received, found(received, new TreeSet<>()));
            case Request.PlanState question -> answer(received, status(received, question.plan()));
            case Request.Approval approval -> intake.take(received, approval, this::answerApproval);
            case Request.Statistics(var job) -> take(received, job);
            case Request.Train(var job) -> take(received, job);
            case Request.Evaluate(var job) -> take(received, job);
            case Request.Check(var job) -> take(received, job);
            case Message.Cancel(var request) -> cancel(received, request);
            case Message.Ack(var request) -> {
                if (journal.acknowledge(request, received.from()) && outbox.acknowledged(request)) {
                    audit.append(from(received, AuditKind.ANSWER_ACKNOWLEDGED)
                            .request(request)
                            .build());
                }
            }
            case Reply _, Message.Scalars _ ->
                LOG.debug("{} sent a node what is for researchers; ignored", received.from());
        }
    }

    private Reply found(Received received, SortedSet<String> tags) {
        var found = datasets.list().stream()
                .map(RegisteredDataset::description)
                .filter(description -> description.tags().containsAll(tags))
                .filter(description -> policy.shows(received.from(), description))
                .toList();
        var reply = new Reply.Datasets(received.id(), found);
        int bytes = MessageCodec.encode(reply).length;
        if (bytes > MAX_REPLY_BYTES) {
            throw new FedbiomedException(
                    ErrorCode.POLICY,
                    "the columns of the " + found.size() + " datasets that match fill " + bytes
                            + " bytes, more than the " + MAX_REPLY_BYTES
                            + " that can be sent; ask for fewer datasets by more tags, or ask the data manager of node '"
                            + self + "' to split its widest table");
        }
        return reply;
    }

    private Reply status(Received received, PlanId plan) {
        return plans.find(plan)
                // one whose files were lost is asked for again, and stands as it stood when they are back
                .filter(known -> plans.files().holdsAll(known.source()))
                .map(known -> permission.needsNoApproval(known, received.from())
                        ? new Reply.PlanState(
                                received.id(),
                                plan,
                                PlanStatus.APPROVED,
                                "by the node's policy (unapproved_plans_from)")
                        : PlanIntake.state(received.id(), known))
                .orElseGet(() -> new Reply.PlanState(received.id(), plan, PlanStatus.UNKNOWN, ""));
    }

    /** A plan that has come in and needs nobody's approval is one that may run. */
    private void answerApproval(Received received, Reply reply) {
        answerLater(received, reply instanceof Reply.PlanState state ? status(received, state.plan()) : reply);
    }

    private void take(Received received, Job job) {
        if (!job.researcher().equals(received.from())) {
            throw new FedbiomedException(
                    ErrorCode.BAD_MESSAGE,
                    "the request is in the name of researcher '" + job.researcher() + "' but came from '"
                            + received.from() + "'");
        }
        if (!job.participant().node().equals(self)) {
            throw new FedbiomedException(
                    ErrorCode.BAD_MESSAGE,
                    "the request is for node '" + job.participant().node() + "' but came to '" + self + "'");
        }
        permission.requireShared(received.from(), job.participant().dataset());
        job.modelArgs().requireModest("model_args");
        job.trainingArgs().optimizerArgs().requireModest("training_args.optimizer_args");
        var request = new StoredRequest(
                received.id(),
                received.from(),
                received.keys(),
                received.envelope().body(),
                received.enclosed(),
                received.name(),
                received.expires());
        var taken = from(received, AuditKind.REQUEST_TAKEN)
                .request(received.id(), received.message())
                .build();
        switch (journal.admit(request, () -> audit.append(taken))) {
            // one that is open is queued already, unless its answer could not be stored
            case Admission.New _, Admission.Open _ -> queue.submit(request);
            case Admission.Answered _ -> outbox.add(request.id());
            case Admission.Full _ ->
                throw new FedbiomedException(
                        ErrorCode.BUSY,
                        "node '" + self + "' has " + RequestJournal.MAX_OPEN
                                + " open requests; ask again when some are answered");
        }
    }

    private void cancel(Received received, String request) {
        if (journal.cancel(request, received.from())) {
            queue.cancel(request);
            audit.append(
                    from(received, AuditKind.REQUEST_CANCELLED).request(request).build());
        }
    }

    /** The queue's answer to a request: kept until acknowledged if it is a finished training, else sent and forgotten. */
    void finished(StoredRequest request, Answer answer) {
        // an error answers the message that asked last
        var reply = answer.reply() instanceof Reply.Error error
                ? error.answering(journal.find(request.id()).orElse(request).message())
                : answer.reply();
        var bounded = MessageCodec.encode(reply);
        if (bounded.length > MAX_REPLY_BYTES) {
            finished(
                    request,
                    new Answer(new Reply.Error(
                            request.id(),
                            ErrorCode.PLAN_FAILED,
                            "the results have " + bounded.length + " bytes, more than the " + MAX_REPLY_BYTES
                                    + " that can be sent; declare fewer classes or columns")));
            return;
        }
        if (audit.isKept()) {
            audit.append(answered(request, reply, bounded.length));
        }
        if (reply instanceof Reply.Train) {
            if (journal.answer(request.id(), bounded, answer.enclosed())) {
                outbox.add(request.id());
            }
        } else if (journal.forget(request.id())) {
            send(new Outgoing(request.researcher(), bounded).sealedFor(request.keys()));
        }
    }

    private static AuditEvent answered(StoredRequest request, Reply reply, long bytes) {
        var event = AuditEvent.of(reply instanceof Reply.Error ? AuditKind.REQUEST_REFUSED : AuditKind.REQUEST_ANSWERED)
                .party(request.researcher(), request.fingerprint())
                .request(request.id(), MessageCodec.decode(request.body()))
                .bytesOut(bytes);
        switch (reply) {
            case Reply.Train train -> event.samples(train.samples());
            case Reply.Evaluate evaluate -> event.samples(evaluate.test().count());
            case Reply.Check check -> event.samples(check.samples());
            case Reply.Error error -> event.code(error.code()).rule(error.rule());
            case Reply.Statistics _, Reply.Datasets _, Reply.PlanState _ -> {}
        }
        return event.build();
    }

    private static AuditEvent.Builder from(Received received, AuditKind kind) {
        return AuditEvent.of(kind).party(received.from(), received.keys().fingerprint());
    }

    private void answer(Received received, Reply answer) {
        var error = answer instanceof Reply.Error e ? e.answering(received.name()) : null;
        var reply = error == null ? answer : error;
        var body = MessageCodec.encode(reply);
        boolean isRequest = received.message() instanceof Request;
        var event = from(received, error == null ? AuditKind.QUESTION_ANSWERED : AuditKind.REQUEST_REFUSED)
                .request(received.id(), received.message())
                .bytesOut(isRequest ? body.length : 0);
        if (error != null) {
            event.code(error.code()).rule(error.rule());
        }
        if (reply instanceof Reply.PlanState state) {
            event.plan(state.plan());
        }
        counted.record(event.build());
        if (isRequest) {
            send(new Outgoing(received.from(), body).sealedFor(received.keys()));
        } else if (error != null) {
            LOG.warn("a message of {} was refused: {}", received.from(), error.text());
        }
    }

    /** An answer that comes of another thread: nobody above says why there is none. */
    private void answerLater(Received received, Reply reply) {
        try {
            answer(received, reply);
        } catch (FedbiomedException e) {
            LOG.error("an answer to {} could not be recorded: {}", received.from(), e.text());
            send(new Outgoing(
                            received.from(),
                            MessageCodec.encode(new Reply.Error(received.id(), received.name(), e.code(), e.text())))
                    .sealedFor(received.keys()));
        }
    }

    private void send(Outgoing message) {
        federation.send(message, clock.instant().plus(ReplyOutbox.LIFETIME));
    }
}
