package fedbiomed.network;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The system's clock, and so much before or after it as a test says. */
public final class TestClock extends Clock {
    private volatile Duration offset = Duration.ZERO;

    /** Sets it so much before (negative) or after the system's clock. */
    public void setTo(Duration afterTheSystems) {
        offset = afterTheSystems;
    }

    public void advance(Duration by) {
        offset = offset.plus(by);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }

    @Override
    public Instant instant() {
        return Instant.now().plus(offset);
    }
}
