package fedbiomed.network.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import fedbiomed.network.TestFederation;
import fedbiomed.network.limit.Limits;
import fedbiomed.protocol.Topics;
import fedbiomed.protocol.transport.TransportIdentity;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Role;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a party with a certificate may send to the broker, byte by byte: each packet is taken or ends its connection, the
 * broker's memory stays bounded, and it serves the others.
 */
class MqttFuzzTest {
    private static final long SEED = 20261125;
    private static final int WORKERS = 16;
    private static final int PATIENCE_MILLIS = 240_000;
    private static final int PINGRESP = 0xD0;
    private static final int CONNACK = 0x20;
    /** More than caches and pools take; a leak of 300 bytes a packet would be more. */
    private static final long MAX_GROWTH_BYTES = 300 << 20;

    private static final PartyId NODE = PartyId.of("node-a");
    private static final PartyId ALICE = PartyId.of("alice");
    /** Allowed, the first one, and not. */
    private static final List<String> TOPICS = List.of(
            Topics.nodeInbox(NODE),
            Topics.researcherInbox(ALICE),
            Topics.researcherMonitor(ALICE),
            Topics.PRESENCE_ALL,
            Topics.presence(ALICE),
            Topics.nodeInbox(PartyId.of("nobody")),
            "#",
            "$SYS/#",
            "a::b",
            "");

    @TempDir
    Path folder;

    private final LongAdder connections = new LongAdder();
    private final LongAdder taken = new LongAdder();
    private final LongAdder ended = new LongAdder();

    @Test
    void damagedPacketsEndTheirConnectionAtMost() throws Exception {
        fuzz(640);
    }

    @Test
    @Tag("campaign")
    void aMillionDamagedPacketsEndTheirConnectionAtMost() throws Exception {
        fuzz(1_000_000);
    }

    private void fuzz(int packets) throws Exception {
        // no packet is to wait for its turn
        var limits = new Limits(64, Integer.MAX_VALUE, 30_000, Limits.DEFAULTS.strangers());
        try (var federation =
                new TestFederation(folder, TestFederation.settings().withLimits(limits))) {
            var alice = federation.enrol(Role.RESEARCHER, ALICE.value());
            var node = federation.mqtt(federation.enrol(Role.NODE, NODE.value()));
            var servedOn = new AtomicBoolean();
            node.toAsync().publishes(com.hivemq.client.mqtt.MqttGlobalPublishFilter.ALL, publish -> {
                if (new String(publish.getPayloadAsBytes(), StandardCharsets.UTF_8).equals("served on")) {
                    servedOn.set(true);
                }
            });
            node.connect();
            node.subscribeWith()
                    .topicFilter(Topics.nodeInbox(NODE))
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .send();
            long before = liveBytes();
            long began = System.nanoTime();
            send(packets, alice, federation.network().address().mqttPort());
            System.out.println(packets + " packets over " + connections + " connections in "
                    + Duration.ofNanos(System.nanoTime() - began) + ": " + taken + " taken, " + ended
                    + " ended theirs; live heap " + (before >> 20) + " MiB before, " + (liveBytes() >> 20)
                    + " MiB after");
            assertThat(node.getState().isConnected())
                    .as("what is relayed ends nobody else's connection")
                    .isTrue();
            assertThat(taken.sum()).as("more than the first check is reached").isGreaterThan(packets / 4);
            assertThat(ended.sum()).isPositive();
            var sender = federation.mqtt(alice);
            sender.connect();
            sender.publishWith()
                    .topic(Topics.nodeInbox(NODE))
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .payload("served on".getBytes(StandardCharsets.UTF_8))
                    .send();
            await("the node, which was connected all the while")
                    .atMost(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
                    .untilTrue(servedOn);
            assertThat(liveBytes() - before).isLessThan(MAX_GROWTH_BYTES);
            sender.disconnect();
            node.disconnect();
        }
    }

    private static long liveBytes() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private void send(int packets, TransportIdentity alice, int port) throws Exception {
        var tls = alice.sslContext();
        try (var workers = Executors.newFixedThreadPool(WORKERS)) {
            var running = new ArrayList<Future<?>>();
            for (int i = 0; i < WORKERS; i++) {
                var worker = new Worker(tls, port, ALICE + "_" + i, new SplittableRandom(SEED + i));
                running.add(workers.submit(() -> {
                    worker.send(packets / WORKERS);
                    return null;
                }));
            }
            for (var one : running) {
                one.get();
            }
        }
    }

    /** One connection after the other, with one client id. */
    private final class Worker {
        private final SSLContext tls;
        private final int port;
        private final String clientId;
        private final SplittableRandom random;
        private final MqttPackets packets;
        private @Nullable SSLSocket socket;
        private DataInputStream in = new DataInputStream(DataInputStream.nullInputStream());

        Worker(SSLContext tls, int port, String clientId, SplittableRandom random) {
            this.tls = tls;
            this.port = port;
            this.clientId = clientId;
            this.random = random;
            this.packets = new MqttPackets(random, TOPICS);
        }

        void send(int count) throws IOException {
            for (int i = 0; i < count; i++) {
                boolean goesOn = i % 100 == 99 ? connectDamaged() : exchange(random.nextInt(60) == 0);
                if (!goesOn) {
                    ended.increment();
                    close();
                } else {
                    taken.increment();
                }
            }
            close();
        }

        private boolean connectDamaged() throws IOException {
            close();
            // where it is not said to be the last, the broker may wait for the rest of it
            return exchanged(connect(), packets.damagedConnect(clientId), random.nextInt(16) != 0);
        }

        private boolean exchange(boolean brokenFrame) throws IOException {
            var open = socket;
            if (open == null) {
                open = connect();
                open.getOutputStream().write(packets.connect(clientId));
                if (in.readUnsignedByte() != CONNACK) {
                    throw new AssertionError("no CONNACK");
                }
                in.skipNBytes(length());
            }
            var packet = packets.any(clientId);
            if (brokenFrame) {
                return exchanged(open, packets.brokenFrame(packet), true);
            }
            return exchanged(open, random.nextInt(16) == 0 ? packets.damaged(packet) : packet, false);
        }

        private SSLSocket connect() throws IOException {
            connections.increment();
            var open = (SSLSocket) tls.getSocketFactory().createSocket("localhost", port);
            open.setSoTimeout(PATIENCE_MILLIS);
            in = new DataInputStream(new BufferedInputStream(open.getInputStream()));
            socket = open;
            return open;
        }

        /** @return whether the connection stands: the PINGREQ behind the packet was answered; else it was ended */
        private boolean exchanged(SSLSocket open, byte[] packet, boolean last) throws IOException {
            try {
                var bytes = new byte[packet.length + MqttPackets.PINGREQ.length];
                System.arraycopy(packet, 0, bytes, 0, packet.length);
                System.arraycopy(MqttPackets.PINGREQ, 0, bytes, packet.length, MqttPackets.PINGREQ.length);
                open.getOutputStream().write(bytes);
                if (last) {
                    open.shutdownOutput();
                }
                while (true) {
                    int type = in.readUnsignedByte();
                    in.skipNBytes(length());
                    if (type == PINGRESP && !last) {
                        return true;
                    }
                }
            } catch (SocketTimeoutException e) {
                throw new AssertionError(
                        "neither an answer nor an end after "
                                + java.util.HexFormat.of().formatHex(packet),
                        e);
            } catch (IOException _) {
                return false;
            }
        }

        private int length() throws IOException {
            int length = 0;
            for (int shift = 0; shift < 28; shift += 7) {
                int digit = in.readUnsignedByte();
                length += (digit & 127) << shift;
                if (digit < 128) {
                    return length;
                }
            }
            throw new AssertionError("the broker's own packet has no length");
        }

        private void close() throws IOException {
            if (socket != null) {
                socket.close();
                socket = null;
            }
        }
    }
}
