package fedbiomed.protocol.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.protocol.Presence;
import fedbiomed.vocabulary.PartyId;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PresenceBoardTest {
    private static final PartyId NODE = PartyId.of("hospital-a");

    private final AtomicLong nanos = new AtomicLong();
    private final PresenceBoard board = new PresenceBoard(nanos::get);

    private boolean online() {
        var presence = board.effective().get(NODE);
        boolean online = board.online(NODE);
        assertThat(presence != null && presence.online()).isEqualTo(online);
        return online;
    }

    private void says(String epoch) {
        board.says(NODE, new Presence(true, epoch, null));
    }

    @Test
    void whatWasSaidInAnEarlierEpochIsNotBelieved() {
        says("before");
        assertThat(online()).as("no epoch is known yet").isTrue();
        board.epochIs("now");
        assertThat(online()).isFalse();
        says("now");
        assertThat(online()).isTrue();
    }

    @Test
    void aNodeThatDoesNotSayItAgainIsGone() {
        board.epochIs("now");
        says("now");
        nanos.addAndGet(PresenceBoard.BELIEVED.toNanos() - 1);
        assertThat(online()).isTrue();
        nanos.incrementAndGet();
        assertThat(online()).isFalse();
        says("now");
        assertThat(online()).isTrue();
    }
}
