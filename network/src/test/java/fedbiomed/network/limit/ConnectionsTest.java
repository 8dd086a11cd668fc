package fedbiomed.network.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import fedbiomed.vocabulary.PartyId;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class ConnectionsTest {
    private static final PartyId PARTY = PartyId.of("node-a");
    private final Connections connections =
            new Connections(new Limits(2, 1, 1, new Limits.Strangers(4, 3, 1, 1, Duration.ofSeconds(10))));

    private static InetAddress address(int last) throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last});
    }

    private Connections.Held open(int last) throws UnknownHostException {
        return assertNotNullHeld(connections.opened(address(last)));
    }

    private static Connections.Held assertNotNullHeld(Connections.@org.jspecify.annotations.Nullable Held held) {
        assertNotNull(held);
        return held;
    }

    @Test
    void strangersHaveSoManyAnAddressAndAllTogether() throws Exception {
        var first = open(1);
        open(1);
        open(1);
        assertThat(connections.opened(address(1))).as("a fourth of one address").isNull();
        open(2);
        assertThat(connections.opened(address(3))).as("a fifth of all").isNull();
        first.closed();
        first.closed();
        open(3);
        assertThat(connections.opened(address(3)))
                .as("closed twice counts once")
                .isNull();
        assertThat(connections.refused()).isEqualTo(3);
    }

    @Test
    void whoShowsACertificateMakesRoomForStrangersAndHasALimitOfItsOwn() throws Exception {
        var held = new ArrayList<Connections.Held>();
        for (int i = 0; i < 2; i++) {
            held.add(open(1));
            assertThat(held.getLast().belongsTo(PARTY)).isTrue();
            assertThat(held.getLast().belongsTo(PARTY)).as("said again").isTrue();
        }
        assertThat(open(1).belongsTo(PARTY)).as("a third of the party").isFalse();
        assertThat(open(1).belongsTo(PartyId.of("node-b"))).isTrue();
        held.getFirst().closed();
        assertThat(open(1).belongsTo(PARTY)).isTrue();
    }

    @Test
    void aLimitThatWouldLetNobodyInIsRefused() {
        assertThatThrownBy(() -> new Limits(0, 1, 1, Limits.DEFAULTS.strangers()))
                .hasMessageContaining("limits.connections is 1 or more, not 0");
        assertThatThrownBy(() -> new Limits.Strangers(1, 1, 1, 1, Duration.ZERO))
                .hasMessageContaining("handshake");
    }
}
