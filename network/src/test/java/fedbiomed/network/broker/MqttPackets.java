package fedbiomed.network.broker;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Packets of MQTT 5 (section 2 of the OASIS standard), whole ones and damaged ones. */
final class MqttPackets {
    static final byte[] PINGREQ = {(byte) 0xC0, 0};

    private static final int CONNECT = 0x10;
    private static final int PUBLISH = 0x30;
    private static final int SUBSCRIBE = 0x82;
    private static final int UNSUBSCRIBE = 0xA2;
    private static final int DISCONNECT = 0xE0;
    private static final int AUTH = 0xF0;
    private static final List<Integer> ACKNOWLEDGEMENTS = List.of(0x40, 0x50, 0x62, 0x70);

    private static final int MESSAGE_EXPIRY = 0x02;
    private static final int RESPONSE_TOPIC = 0x08;
    private static final int CORRELATION = 0x09;
    private static final int SUBSCRIPTION = 0x0B;
    private static final int SESSION_EXPIRY = 0x11;
    private static final int TOPIC_ALIAS = 0x23;
    private static final int USER_PROPERTY = 0x26;

    private final SplittableRandom random;
    private final List<String> topics;

    /** @param topics that the party may publish to, or subscribe to, or neither */
    MqttPackets(SplittableRandom random, List<String> topics) {
        this.random = random;
        this.topics = topics;
    }

    private interface Content {
        void write(DataOutputStream out) throws IOException;
    }

    private static byte[] bytes(Content content) {
        var bytes = new ByteArrayOutputStream();
        try {
            content.write(new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** First byte, length in digits of base 128, the rest. */
    static byte[] packet(int first, byte[] rest) {
        return bytes(out -> {
            out.write(first);
            length(out, rest.length);
            out.write(rest);
        });
    }

    private static void length(DataOutputStream out, int length) throws IOException {
        int left = length;
        for (; left >= 128; left /= 128) {
            out.write(left % 128 + 128);
        }
        out.write(left);
    }

    private static void properties(DataOutputStream out, Content content) throws IOException {
        var properties = bytes(content);
        length(out, properties.length);
        out.write(properties);
    }

    /** Mostly the first, which is allowed: a connection is to last for some packets. */
    private String topic() {
        return topics.get(random.nextInt(10) == 0 ? random.nextInt(topics.size()) : 0);
    }

    byte[] connect(String clientId) {
        return packet(CONNECT, bytes(out -> {
            out.writeUTF("MQTT");
            // version 5, clean start, 1 s keep alive, no properties
            out.write(new byte[] {5, 2, 0, 1, 0});
            out.writeUTF(clientId);
        }));
    }

    private byte[] connectWithWill(String clientId) {
        return packet(CONNECT, bytes(out -> {
            out.writeUTF("MQTT");
            out.write(new byte[] {5, (byte) (2 + 4 + 8 * random.nextInt(3) + 32 * random.nextInt(2)), 0, 1});
            properties(out, more -> {
                more.write(SESSION_EXPIRY);
                more.writeInt(random.nextInt());
            });
            out.writeUTF(clientId);
            properties(out, more -> {
                more.write(MESSAGE_EXPIRY);
                more.writeInt(random.nextInt());
            });
            out.writeUTF(topic());
            out.writeShort(4);
            out.writeInt(random.nextInt());
        }));
    }

    byte[] publish(String topic, int qos) {
        var payload = new byte[random.nextInt(200)];
        random.nextBytes(payload);
        boolean retain = random.nextInt(30) == 0;
        return packet(PUBLISH + 2 * qos + (retain ? 1 : 0), bytes(out -> {
            out.writeUTF(topic);
            if (qos > 0) {
                out.writeShort(1 + random.nextInt(65_535));
            }
            properties(out, more -> {
                if (random.nextInt(4) == 0) {
                    more.write(MESSAGE_EXPIRY);
                    more.writeInt(random.nextInt());
                }
                if (random.nextInt(4) == 0) {
                    more.write(RESPONSE_TOPIC);
                    more.writeUTF(topic());
                }
                if (random.nextInt(4) == 0) {
                    more.write(CORRELATION);
                    more.writeShort(8);
                    more.writeLong(random.nextLong());
                }
                if (random.nextInt(100) == 0) {
                    more.write(TOPIC_ALIAS);
                    more.writeShort(random.nextInt(4));
                }
                for (int i = random.nextInt(3); i > 0; i--) {
                    more.write(USER_PROPERTY);
                    more.writeUTF("key" + random.nextInt(9));
                    more.writeUTF("value \u20AC " + random.nextInt());
                }
            });
            out.write(payload);
        }));
    }

    private byte[] subscribe() {
        return packet(SUBSCRIBE, bytes(out -> {
            out.writeShort(1 + random.nextInt(65_535));
            properties(out, more -> {
                if (random.nextInt(4) == 0) {
                    more.write(SUBSCRIPTION);
                    length(more, random.nextInt(1 << 28));
                }
            });
            for (int i = random.nextInt(3); i >= 0; i--) {
                out.writeUTF(topic());
                out.write(random.nextInt(3));
            }
        }));
    }

    private byte[] unsubscribe() {
        return packet(UNSUBSCRIBE, bytes(out -> {
            out.writeShort(1 + random.nextInt(65_535));
            out.write(0);
            out.writeUTF(topic());
        }));
    }

    private byte[] acknowledgement() {
        int type = ACKNOWLEDGEMENTS.get(random.nextInt(ACKNOWLEDGEMENTS.size()));
        return packet(type, bytes(out -> {
            out.writeShort(random.nextInt(65_536));
            if (random.nextBoolean()) {
                out.write(random.nextInt(256));
                out.write(0);
            }
        }));
    }

    private byte[] disconnect() {
        return packet(DISCONNECT, bytes(out -> {
            out.write(random.nextInt(256));
            properties(out, more -> {
                more.write(SESSION_EXPIRY);
                more.writeInt(random.nextInt());
            });
        }));
    }

    private byte[] auth() {
        return packet(AUTH, bytes(out -> {
            out.write(0x18);
            properties(out, more -> {
                more.write(0x15);
                more.writeUTF("SCRAM-SHA-1");
            });
        }));
    }

    /** One that a client may send, most of them on a connection that goes on. */
    byte[] any(String clientId) {
        return switch (random.nextInt(120)) {
            case 0 -> connect(clientId);
            case 1 -> connectWithWill(clientId);
            case 2 -> disconnect();
            case 3 -> auth();
            case 4, 5, 6, 7, 8, 9, 10, 11 -> acknowledgement();
            case 12, 13, 14 -> unsubscribe();
            case 15, 16, 17, 18 -> subscribe();
            default -> publish(topic(), random.nextInt(3));
        };
    }

    byte[] damagedConnect(String clientId) {
        return damaged(random.nextBoolean() ? connect(clientId) : connectWithWill(clientId));
    }

    /**
     * Changed behind its header; its length is right, so that the next packet is read as one. Only where a length in it
     * goes past its end, the broker waits for more: until the keep alive is over.
     */
    byte[] damaged(byte[] packet) {
        int start = 1;
        while (packet[start] < 0) {
            start++;
        }
        var rest = Arrays.copyOfRange(packet, start + 1, packet.length);
        if (rest.length == 0) {
            return packet((random.nextInt(256)), rest);
        }
        int at = random.nextInt(rest.length);
        switch (random.nextInt(5)) {
            case 0 -> rest[at] = (byte) random.nextInt();
            case 1 -> rest[at] = new byte[] {0, -1, 127, -128, 1}[random.nextInt(5)];
            case 2 -> rest = Arrays.copyOf(rest, rest.length + 1 + random.nextInt(300));
            case 3 -> {
                int length = 1 + random.nextInt(rest.length - at);
                System.arraycopy(rest, random.nextInt(rest.length - length + 1), rest, at, length);
            }
            default -> {
                return packet(random.nextInt(256), rest);
            }
        }
        return packet(packet[0] & 0xFF, rest);
    }

    /** Of which nobody knows where it ends: a length that is another, an end too soon, or nothing but random bytes. */
    byte[] brokenFrame(byte[] packet) {
        var bytes = packet.clone();
        switch (random.nextInt(3)) {
            case 0 -> bytes[1] = (byte) random.nextInt();
            case 1 ->
                bytes = bytes(out -> {
                    out.write(packet[0]);
                    out.write(new byte[] {-1, -1, -1, (byte) random.nextInt(256)});
                    out.write(packet);
                });
            default -> random.nextBytes(bytes);
        }
        return bytes;
    }
}
