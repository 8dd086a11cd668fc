package fedbiomed.vocabulary;

/** Why a request was not served. The text beside it is for a person; this is for programs. */
public enum ErrorCode {
    /** Not decodable: not JSON, too large, a broken signature, a missing field. */
    BAD_MESSAGE,
    /** A message type or protocol version that this party does not speak. */
    UNSUPPORTED,
    EXPIRED,
    /** The data manager (or researcher) has not trusted the sender's key. */
    UNTRUSTED_SENDER,
    DATASET_UNKNOWN,
    /** The dataset's file is missing or no longer has the fingerprint it was added with. */
    DATASET_CHANGED,
    PLAN_UNKNOWN,
    PLAN_PENDING,
    PLAN_REJECTED,
    /** The plan does not compile; the text has line and message. */
    PLAN_INVALID,
    /** The plan threw, or used more memory or time than allowed. */
    PLAN_FAILED,
    /** Data and plan do not fit: a column missing, a class that the plan does not name. */
    DATA_UNFIT,
    PARAMETERS_UNAVAILABLE,
    /** The node has no state of the request that this one is to start from: it was never kept here, or no longer is. */
    STATE_UNAVAILABLE,
    POLICY,
    CANCELLED,
    BUSY,
    INTERNAL
}
