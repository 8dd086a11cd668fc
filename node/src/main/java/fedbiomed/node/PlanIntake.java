package fedbiomed.node;

import fedbiomed.node.registry.PlanRegistry;
import fedbiomed.node.registry.ReviewedPlan;
import fedbiomed.protocol.Received;
import fedbiomed.protocol.message.Answer;
import fedbiomed.protocol.message.ParametersRef;
import fedbiomed.protocol.message.Reply;
import fedbiomed.protocol.message.Request;
import fedbiomed.protocol.message.SealedRef;
import fedbiomed.protocol.store.ParameterStore;
import fedbiomed.protocol.store.TransferProgress;
import fedbiomed.training.plan.PlanSource;
import fedbiomed.vocabulary.Attachment;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes in the plans that researchers send for review. What belongs to a plan is fetched from the parameter store first,
 * one plan after the other and beside the other messages; a plan is shown to the data manager whole or not at all.
 */
final class PlanIntake implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PlanIntake.class);

    /** Plans whose attachments wait to be fetched. */
    private static final int MAX_WAITING = 8;

    private static final Duration STOP_PATIENCE = Duration.ofSeconds(15);
    private static final long IDLE_SECONDS = 10;

    private final PlanRegistry plans;
    private final ParameterStore store;
    private final BiConsumer<PlanRegistry, ReviewedPlan> review;
    private final long largestBytes;
    private final ThreadPoolExecutor fetcher;
    /** Ids of the requests whose plan is fetched: while it is, its sender asks again. */
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();

    /**
     * @param review told of each plan that came in whole
     * @param largestBytes what the attachments of one researcher's plans that are not approved may fill
     */
    PlanIntake(
            PlanRegistry plans,
            ParameterStore store,
            BiConsumer<PlanRegistry, ReviewedPlan> review,
            long largestBytes) {
        this.review = review;
        this.plans = plans;
        this.store = store;
        this.largestBytes = largestBytes;
        fetcher = new ThreadPoolExecutor(
                1,
                1,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MAX_WAITING),
                Thread.ofVirtual().name("plan-intake").factory());
        fetcher.allowCoreThreadTimeOut(true);
    }

    /**
     * @param answer told at once, or when the attachments have come or will not come
     * @throws FedbiomedException why the plan is not taken; its text may be sent
     */
    void take(Received received, Request.Approval approval, BiConsumer<Received, Reply> answer) {
        var source = new PlanSource(approval.source(), approval.attachments());
        if (plans.files().holdsAll(source)) {
            answer.accept(received, registered(received, source, approval.note()));
            return;
        }
        // before anything is fetched
        plans.requireReviewable(received.from(), source, approval.note());
        requireRoom(received, source);
        if (!underWay.add(received.id())) {
            return;
        }
        try {
            fetcher.execute(() -> {
                var reply = fetched(received, source, approval.note());
                underWay.remove(received.id());
                answer.accept(received, reply);
            });
        } catch (RejectedExecutionException e) {
            underWay.remove(received.id());
            throw new FedbiomedException(
                    ErrorCode.BUSY,
                    "the node fetches the attachments of " + MAX_WAITING + " other plans; ask again",
                    e);
        }
    }

    private void requireRoom(Received received, PlanSource source) {
        long own = source.attachmentBytes();
        long waiting = plans.unapprovedBytes(received.from(), source.id());
        if (own > largestBytes - waiting) {
            throw new FedbiomedException(
                    ErrorCode.POLICY,
                    "the plan's attachments have " + own + " bytes, those of your other plans that are not approved "
                            + waiting + "; this node accepts at most " + largestBytes
                            + " together (largest_model in its configuration)");
        }
    }

    private Reply fetched(Received received, PlanSource source, String note) {
        try {
            // those before it in the queue have come by now
            requireRoom(received, source);
            source.attachments().forEach(attachment -> fetch(attachment, received.enclosed()));
            plans.files().sync();
            return registered(received, source, note);
        } catch (FedbiomedException e) {
            plans.removeUnneeded(source);
            LOG.info("a plan of researcher '{}' was not taken: {}", received.from(), e.text());
            return Reply.Error.of(received.id(), e);
        } catch (RuntimeException e) {
            plans.removeUnneeded(source);
            LOG.error("a plan of researcher '{}' could not be taken", received.from(), e);
            return new Reply.Error(
                    received.id(),
                    ErrorCode.INTERNAL,
                    "the node could not take the plan's attachments ("
                            + e.getClass().getName() + "); ask its data manager for the node's log");
        }
    }

    private void fetch(Attachment attachment, List<SealedRef> enclosed) {
        var files = plans.files();
        if (files.holds(attachment)) {
            return;
        }
        files.prepare();
        try {
            store.download(
                    Answer.find(enclosed, ParametersRef.to(attachment)), files.file(attachment), TransferProgress.NONE);
        } catch (FedbiomedException e) {
            throw new FedbiomedException(
                    e.code(), "the plan's attachment '" + attachment.name() + "' did not come: " + e.text(), e);
        }
    }

    private Reply registered(Received received, PlanSource source, String note) {
        var plan = plans.request(received.from(), source, note);
        LOG.info(
                "researcher '{}' asks for approval of the plan {} ({}), which is {}",
                received.from(),
                plan.className(),
                plan.id().abbreviated(),
                plan.status().name().toLowerCase(Locale.ROOT));
        review.accept(plans, plan);
        return state(received.id(), plan);
    }

    static Reply state(String request, ReviewedPlan plan) {
        return new Reply.PlanState(request, plan.id(), plan.status(), plan.decisionNote());
    }

    @Override
    public void close() {
        fetcher.shutdownNow();
        try {
            if (!fetcher.awaitTermination(STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("the fetching of a plan's attachments does not stop");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
