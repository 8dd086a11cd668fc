package fedbiomed.protocol.message;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import fedbiomed.vocabulary.Scalar;
import java.util.List;

/** All that one party may say to another; the body of an {@link Envelope}, as JSON with a {@code type}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Request.Search.class, name = "search_request"),
    @JsonSubTypes.Type(value = Request.ListDatasets.class, name = "list_request"),
    @JsonSubTypes.Type(value = Request.PlanState.class, name = "plan_status_request"),
    @JsonSubTypes.Type(value = Request.Approval.class, name = "approval_request"),
    @JsonSubTypes.Type(value = Request.Statistics.class, name = "statistics_request"),
    @JsonSubTypes.Type(value = Request.Train.class, name = "train_request"),
    @JsonSubTypes.Type(value = Request.Evaluate.class, name = "evaluate_request"),
    @JsonSubTypes.Type(value = Request.Check.class, name = "check_request"),
    @JsonSubTypes.Type(value = Reply.Datasets.class, name = "datasets_reply"),
    @JsonSubTypes.Type(value = Reply.PlanState.class, name = "plan_status_reply"),
    @JsonSubTypes.Type(value = Reply.Statistics.class, name = "statistics_reply"),
    @JsonSubTypes.Type(value = Reply.Train.class, name = "train_reply"),
    @JsonSubTypes.Type(value = Reply.Evaluate.class, name = "evaluate_reply"),
    @JsonSubTypes.Type(value = Reply.Check.class, name = "check_reply"),
    @JsonSubTypes.Type(value = Reply.Error.class, name = "error_reply"),
    @JsonSubTypes.Type(value = Message.Cancel.class, name = "cancel_request"),
    @JsonSubTypes.Type(value = Message.Ack.class, name = "ack"),
    @JsonSubTypes.Type(value = Message.Scalars.class, name = "scalars")
})
public sealed interface Message permits Request, Reply, Message.Cancel, Message.Ack, Message.Scalars {
    /**
     * The researcher no longer wants the answer to {@code request}: the node stops working on it.
     *
     * @param request the request's id
     */
    record Cancel(String request) implements Message {}

    /**
     * The reply to {@code request} is on the researcher's disk: the node need not send it again.
     *
     * @param request the request's id
     */
    record Ack(String request) implements Message {}

    /**
     * Numbers of a running training, batched; on the monitor topic, and never answered.
     *
     * @param request the id of the request that is being worked on
     * @param dropped scalars of this request that were left out so far, because there were too many
     */
    record Scalars(String request, List<Scalar> scalars, long dropped) implements Message {
        public Scalars {
            scalars = List.copyOf(scalars);
        }
    }
}
