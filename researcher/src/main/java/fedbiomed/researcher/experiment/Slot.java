package fedbiomed.researcher.experiment;

import fedbiomed.protocol.message.Request;
import fedbiomed.protocol.message.SealedRef;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A participant's place in a {@link Gathering}, which guards it: what it is asked, and how far it is. */
final class Slot<T> {
    final Request request;
    final String id;
    /** The earlier round that asked it; 0: this one does. */
    final int askedIn;

    /** The ways to what the request names in the parameter store. */
    volatile List<SealedRef> enclosed;

    @Nullable
    T value;

    @Nullable
    ErrorCode code;

    String text = "";
    boolean refused;
    boolean retried;
    long offlineSinceNanos = -1;
    long askAgainNanos = -1;

    Slot(Request request, String id, int askedIn, List<SealedRef> enclosed, @Nullable T value) {
        this.request = request;
        this.id = id;
        this.askedIn = askedIn;
        this.enclosed = enclosed;
        this.value = value;
    }

    boolean open() {
        return value == null && code == null;
    }

    boolean ofEarlierRound() {
        return askedIn > 0;
    }

    void fail(FedbiomedException why, boolean byUs) {
        code = why.code();
        text = why.text();
        refused = byUs;
    }

    Gathered.Outcome<T> outcome(OutcomeStatus status, String told) {
        return new Gathered.Outcome<>(status, id, askedIn, value, code, told);
    }
}
