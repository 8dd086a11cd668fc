package fedbiomed.node.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import fedbiomed.protocol.identity.Fingerprint;
import fedbiomed.protocol.message.Job;
import fedbiomed.protocol.message.Message;
import fedbiomed.protocol.message.Request;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.PlanId;
import fedbiomed.vocabulary.Text;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What is recorded of one event: who, what, about which plan and dataset, and how much left. There is no field for a text
 * of anybody's, so that none can hold a person's data.
 *
 * @param party the researcher concerned (at the start and the end of the node: the node)
 * @param fingerprint of that party's keys
 * @param operator the account at this machine under which the command of the data manager ran
 * @param request the request's id
 * @param message what kind of message it was, such as {@code train} or {@code plan_state}
 * @param dataset the dataset's id
 * @param code why it was refused
 * @param rule of the node's policy that refused
 * @param policy SHA-256 of {@code policy.yaml}
 * @param samples rows behind what leaves
 * @param bytesOut bytes of parameters, or of the answer's message
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AuditEvent(
        AuditKind kind,
        @Nullable String party,
        @Nullable String fingerprint,
        @Nullable String operator,
        @Nullable String request,
        @Nullable String message,
        @Nullable String run,
        @Nullable Integer round,
        @Nullable String plan,
        @Nullable String dataset,
        @Nullable ErrorCode code,
        @Nullable String rule,
        @Nullable String policy,
        @Nullable Long samples,
        @Nullable Long bytesOut) {
    /** Longest name that is recorded: what a stranger sends must not fill the log. */
    private static final int MAX_NAME_CHARS = 80;

    public static Builder of(AuditKind kind) {
        return new Builder(kind);
    }

    /** An event that the person at this machine brings about. */
    public static Builder byOperator(AuditKind kind) {
        var event = new Builder(kind);
        event.operator = bounded(System.getProperty("user.name", ""));
        return event;
    }

    private static String bounded(String name) {
        return Text.shown(name, MAX_NAME_CHARS);
    }

    /** Puts an event together; what is not said is left out of the line. */
    public static final class Builder {
        private final AuditKind kind;
        private @Nullable String party;
        private @Nullable String fingerprint;
        private @Nullable String operator;
        private @Nullable String request;
        private @Nullable String message;
        private @Nullable String run;
        private @Nullable Integer round;
        private @Nullable String plan;
        private @Nullable String dataset;
        private @Nullable ErrorCode code;
        private @Nullable String rule;
        private @Nullable String policy;
        private @Nullable Long samples;
        private @Nullable Long bytesOut;

        private Builder(AuditKind kind) {
            this.kind = kind;
        }

        public Builder party(PartyId party) {
            this.party = party.value();
            return this;
        }

        public Builder party(PartyId party, Fingerprint keys) {
            fingerprint = keys.value();
            return party(party);
        }

        public Builder plan(PlanId id) {
            plan = id.value();
            return this;
        }

        public Builder dataset(String id) {
            dataset = bounded(id);
            return this;
        }

        /** The request's id alone, where its content is told by an earlier line. */
        public Builder request(String id) {
            request = bounded(id);
            return this;
        }

        public Builder request(String id, Message content) {
            message = content.getClass()
                    .getSimpleName()
                    .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
                    .toLowerCase(Locale.ROOT);
            switch (content) {
                case Request.Statistics(var job) -> job(job);
                case Request.Train(var job) -> job(job);
                case Request.Evaluate(var job) -> job(job);
                case Request.Check(var job) -> job(job);
                case Request.PlanState question -> plan(question.plan());
                default -> {}
            }
            return request(id);
        }

        private void job(Job job) {
            run = job.runId();
            round = job.round();
            plan(job.plan());
            dataset(job.participant().dataset());
        }

        public Builder code(ErrorCode why) {
            code = why;
            return this;
        }

        public Builder rule(@Nullable String refusing) {
            rule = refusing;
            return this;
        }

        public Builder policy(@Nullable String sha256) {
            policy = sha256;
            return this;
        }

        public Builder samples(long rows) {
            samples = rows;
            return this;
        }

        public Builder bytesOut(long bytes) {
            bytesOut = bytes;
            return this;
        }

        public AuditEvent build() {
            return new AuditEvent(
                    kind,
                    party,
                    fingerprint,
                    operator,
                    request,
                    message,
                    run,
                    round,
                    plan,
                    dataset,
                    code,
                    rule,
                    policy,
                    samples,
                    bytesOut);
        }
    }
}
