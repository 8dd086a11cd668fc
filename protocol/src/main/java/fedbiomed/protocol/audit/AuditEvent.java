package fedbiomed.protocol.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import fedbiomed.protocol.identity.Fingerprint;
import fedbiomed.protocol.message.Job;
import fedbiomed.protocol.message.Message;
import fedbiomed.protocol.message.Request;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.PlanId;
import fedbiomed.vocabulary.Role;
import fedbiomed.vocabulary.Text;
import java.math.BigInteger;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is recorded of one event: who, what, about which plan and dataset, and how much left. There is no field for a text
 * of anybody's, so that none can hold a person's data.
 *
 * @param party the party concerned (at the start and the end of a node: the node)
 * @param fingerprint of that party's keys
 * @param operator the account at this machine under which the command of a person ran
 * @param request the request's id
 * @param message what kind of message it was, such as {@code train} or {@code plan_state}
 * @param dataset the dataset's id
 * @param code why it was refused
 * @param rule of the node's policy that refused
 * @param policy SHA-256 of {@code policy.yaml}
 * @param certificate the serial number of a certificate, in hexadecimal
 * @param entry the SHA-256 of an entry of the store
 * @param recipients who may read it
 * @param config the SHA-256 of the settings
 * @param bytesIn bytes of an entry that came
 * @param count this line stands for so many more of the same; the first has its own
 * @param occurred when it happened, where it could not be recorded then
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
        @Nullable String code,
        @Nullable String rule,
        @Nullable String policy,
        @Nullable Long samples,
        @Nullable Long bytesOut,
        @Nullable String role,
        @Nullable String certificate,
        @Nullable String entry,
        @Nullable String recipients,
        @Nullable String config,
        @Nullable Long bytesIn,
        @Nullable Long count,
        @Nullable String occurred) {
    /** Longest name that is recorded: what a stranger sends must not fill the log. */
    private static final int MAX_NAME_CHARS = 80;

    /** So many names fit into a line, however long they are. */
    private static final int MAX_RECIPIENTS = 20;

    public static Builder of(AuditKind kind) {
        return new Builder(kind);
    }

    /** An event that the person at this machine brings about. */
    public static Builder byOperator(AuditKind kind) {
        var event = new Builder(kind);
        event.operator = bounded(System.getProperty("user.name", ""));
        return event;
    }

    AuditEvent at(Instant moment) {
        var event = new Builder(this);
        event.occurred = moment.truncatedTo(ChronoUnit.MILLIS).toString();
        return event.build();
    }

    /** What it has in common with others of its kind, by the same party, for the same reason. */
    AuditEvent likeness() {
        var event = new Builder(this);
        event.request = null;
        event.run = null;
        event.round = null;
        event.recipients = null;
        event.samples = null;
        event.bytesOut = null;
        event.bytesIn = null;
        return event.build();
    }

    /** As {@code likeness}, by kind and party alone. */
    AuditEvent ofParty() {
        var event = new Builder(kind);
        event.party = party;
        return event.build();
    }

    /** A line for {@code many} like this. */
    AuditEvent times(long many, long bytes) {
        var event = new Builder(this).count(many);
        return (bytes > 0 ? event.bytesOut(bytes) : event).build();
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
        private @Nullable String code;
        private @Nullable String rule;
        private @Nullable String policy;
        private @Nullable Long samples;
        private @Nullable Long bytesOut;
        private @Nullable String role;
        private @Nullable String certificate;
        private @Nullable String entry;
        private @Nullable String recipients;
        private @Nullable String config;
        private @Nullable Long bytesIn;
        private @Nullable Long count;
        private @Nullable String occurred;

        private Builder(AuditKind kind) {
            this.kind = kind;
        }

        private Builder(AuditEvent event) {
            this(event.kind);
            party = event.party;
            fingerprint = event.fingerprint;
            operator = event.operator;
            request = event.request;
            message = event.message;
            run = event.run;
            round = event.round;
            plan = event.plan;
            dataset = event.dataset;
            code = event.code;
            rule = event.rule;
            policy = event.policy;
            samples = event.samples;
            bytesOut = event.bytesOut;
            role = event.role;
            certificate = event.certificate;
            entry = event.entry;
            recipients = event.recipients;
            config = event.config;
            bytesIn = event.bytesIn;
            count = event.count;
            occurred = event.occurred;
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

        /** A constant of ours, never a text. */
        public Builder code(Enum<?> why) {
            code = why.name();
            return this;
        }

        public Builder role(Role role) {
            this.role = role.lower();
            return this;
        }

        public Builder certificate(BigInteger serial) {
            certificate = serial.toString(16);
            return this;
        }

        public Builder entry(String hash) {
            entry = hash;
            return this;
        }

        /** The first of them by name, where they are many. */
        public Builder recipients(Collection<PartyId> parties) {
            var names =
                    parties.stream().limit(MAX_RECIPIENTS).map(PartyId::value).collect(Collectors.joining(" "));
            int more = parties.size() - MAX_RECIPIENTS;
            recipients = more > 0 ? names + " +" + more : names;
            return this;
        }

        public Builder config(String hash) {
            config = hash;
            return this;
        }

        public Builder bytesIn(long bytes) {
            bytesIn = bytes;
            return this;
        }

        public Builder count(long many) {
            count = many;
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
                    bytesOut,
                    role,
                    certificate,
                    entry,
                    recipients,
                    config,
                    bytesIn,
                    count,
                    occurred);
        }
    }
}
