package fedbiomed.network.broker;

import fedbiomed.network.limit.Rate;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyConnection;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;

/**
 * Reads a party's messages no faster than its rate: its connection is not read for as long as it is over. It waits as
 * one with a slow line would; nothing is lost and nobody else waits.
 */
final class MessageRate {
    /** Less than the keep-alive that the broker asks of clients: a client that is slowed down sees no dead connection. */
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);

    private final Rate<String> rate;
    private final LongAdder pauses = new LongAdder();

    MessageRate(int perMinute) {
        this.rate = new Rate<>(perMinute);
    }

    /** One more message has come over this connection of {@code party}. */
    void count(String party, RemotingConnection connection) {
        var wait = rate.take(party);
        if (!wait.isZero() && connection.getTransportConnection() instanceof NettyConnection netty) {
            pause(netty.getChannel(), wait.compareTo(LONGEST_PAUSE) < 0 ? wait : LONGEST_PAUSE);
        }
    }

    /** What has been read and decoded is handled still: it is a debt that the next pause is the longer for. */
    private void pause(Channel channel, Duration wait) {
        var settings = channel.config();
        if (settings.isAutoRead()) {
            pauses.increment();
            settings.setAutoRead(false);
            channel.eventLoop().schedule(() -> settings.setAutoRead(true), wait.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** How often a connection was not read for a while, so far. */
    long pauses() {
        return pauses.sum();
    }
}
