package fedbiomed.protocol.audit;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a line of the audit log tells. Names are part of the log's form: none is renamed, new ones may come. */
public enum AuditKind {
    NODE_STARTED,
    NODE_STOPPED,
    RESEARCHER_TRUSTED,
    RESEARCHER_REVOKED,
    DATASET_ADDED,
    DATASET_REFRESHED,
    DATASET_REMOVED,
    /** The data manager has looked at a dataset whose files changed: it has another content from now on. */
    DATASET_CHANGES_ACCEPTED,
    /** A researcher has sent a plan for review. */
    PLAN_REQUESTED,
    /** The data manager has registered a plan. */
    PLAN_ADDED,
    PLAN_APPROVED,
    PLAN_REJECTED,
    PLAN_DELETED,
    /** A plan that nobody has approved is about to run, by the policy. */
    PLAN_RUN_UNAPPROVED,
    /** At the start of the node, and when it changes: this policy holds from now on, or one that cannot be read; by its hash. */
    POLICY_CHANGED,
    /** A short question (a search, the state of a plan) is about to be answered. */
    QUESTION_ANSWERED,
    /** A request for work is about to be worked on. */
    REQUEST_TAKEN,
    REQUEST_CANCELLED,
    /** Trained parameters are about to be put into the store, for the researcher alone. */
    PARAMETERS_RELEASED,
    /** The results of work are about to be sent for the first time. */
    REQUEST_ANSWERED,
    /** A message or a request is not served; the code says why. */
    REQUEST_REFUSED,
    /** The researcher has the answer on its disk. */
    ANSWER_ACKNOWLEDGED,

    NETWORK_STARTED,
    NETWORK_STOPPED,
    INVITATION_MADE,
    /** The invitation was used: the party gets its first certificate. */
    PARTY_ENROLLED,
    /** An invitation that is unknown, used or expired, or a request for a certificate that is none. */
    ENROLMENT_REFUSED,
    CERTIFICATE_RENEWED,
    PARTY_REVOKED,
    CONNECTION_ACCEPTED,
    CONNECTION_REFUSED,
    /** A party's upload is whole in the store. */
    ENTRY_STORED,
    /** A party that holds an entry names recipients once more. */
    ENTRY_SHARED,
    /** Bytes of an entry are about to be sent to a party that may read it. */
    ENTRY_READ,
    ENTRY_DELETED,
    /** Entries and unfinished uploads are past their time; the count says how many. */
    ENTRIES_EXPIRED,
    /** The store does not do what it was asked; the code says why. */
    STORE_REFUSED;

    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    @JsonCreator
    static AuditKind of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
