package fedbiomed.network.broker;

import fedbiomed.protocol.transport.TransportIdentity;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Packets of MQTT 5 that no decent client would send, over a party's own certificate. */
final class RawMqtt implements AutoCloseable {
    private static final int CONNACK = 0x20;
    private static final int PUBACK = 0x40;
    private static final int FIRST_ERROR = 0x80;
    private static final int TOPIC_ALIAS = 0x23;

    private final Socket socket;

    RawMqtt(TransportIdentity identity, int port) {
        try {
            socket = identity.sslContext().getSocketFactory().createSocket("localhost", port);
            socket.setSoTimeout(TopicRules.PATIENCE_SECONDS * 1000);
            var packet = new ByteArrayOutputStream();
            var out = new DataOutputStream(packet);
            out.writeUTF("MQTT");
            // version 5, clean start, 60 s keep alive, no properties
            out.write(new byte[] {5, 2, 0, 60, 0});
            out.writeUTF(identity.party().value());
            send(0x10, packet.toByteArray());
            var in = new DataInputStream(socket.getInputStream());
            if (in.read() != CONNACK) {
                throw new IllegalStateException("no CONNACK");
            }
            in.readNBytes(in.read());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Publishes at QoS 1, with a topic alias where it is not 0.
     *
     * @throws IllegalStateException if the broker refuses it, or ends the connection
     */
    void publish(String topic, boolean retain, int alias) {
        try {
            var packet = new ByteArrayOutputStream();
            var out = new DataOutputStream(packet);
            out.writeUTF(topic);
            out.writeShort(1);
            out.writeByte(alias == 0 ? 0 : 3);
            if (alias != 0) {
                out.writeByte(TOPIC_ALIAS);
                out.writeShort(alias);
            }
            out.write("smuggled".getBytes(StandardCharsets.US_ASCII));
            send(retain ? 0x33 : 0x32, packet.toByteArray());
            var in = new DataInputStream(socket.getInputStream());
            if (in.read() != PUBACK) {
                throw new IllegalStateException("refused");
            }
            var answer = in.readNBytes(in.read());
            // MQTT 5, section 3.4.2: packet id, reason
            if (answer.length > 2 && (answer[2] & 0xFF) >= FIRST_ERROR) {
                throw new IllegalStateException("refused");
            }
        } catch (java.net.SocketTimeoutException e) {
            throw new AssertionError("no answer to a packet for '" + topic + "'", e);
        } catch (IOException e) {
            throw new IllegalStateException("the connection was ended", e);
        }
    }

    private void send(int type, byte[] body) throws IOException {
        var packet = new ByteArrayOutputStream();
        packet.write(type);
        // a length of up to 16383: two digits of base 128
        packet.write(body.length % 128 + 128);
        packet.write(body.length / 128);
        packet.write(body);
        socket.getOutputStream().write(packet.toByteArray());
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
