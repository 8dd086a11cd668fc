package fedbiomed.researcher.experiment;

import fedbiomed.protocol.message.Request;
import fedbiomed.protocol.message.SealedRef;
import fedbiomed.researcher.strategy.ParticipantState;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
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

    /** @param offlineFor asked while its answer is waited for */
    ParticipantState state(Supplier<@Nullable Duration> offlineFor) {
        if (value != null) {
            return new ParticipantState.Answered();
        }
        return code == null ? new ParticipantState.Waiting(offlineFor.get()) : new ParticipantState.Failed(code, text);
    }

    /** {@code null} while it is open. */
    Gathered.@Nullable Outcome<T> settled() {
        if (value != null) {
            return ofEarlierRound()
                    ? outcome(OutcomeStatus.LATE_USED, "its answer to round " + askedIn)
                    : outcome(OutcomeStatus.ACCEPTED, "");
        }
        if (code != null) {
            var status = code == ErrorCode.EXPIRED
                    ? OutcomeStatus.LATE
                    : refused ? OutcomeStatus.REFUSED : OutcomeStatus.FAILED;
            return outcome(status, text);
        }
        return null;
    }

    Gathered.Outcome<T> outcome(OutcomeStatus status, String told) {
        return new Gathered.Outcome<>(status, id, askedIn, value, code, told);
    }
}
