package fedbiomed.researcher.monitor;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * TensorFlow's events as bytes, those that we need: the protocol buffers {@code Event}, {@code Summary} and {@code
 * SessionLog} of {@code tensorflow/core/util/event.proto} and {@code tensorflow/core/framework/summary.proto}, written by
 * hand in the wire format of <a href="https://protobuf.dev/programming-guides/encoding/">protobuf.dev</a>.
 */
final class EventBytes {
    /** What each file says first: values stand in summaries, and sessions tell of restarts. */
    private static final String FILE_VERSION = "brain.Event:2";

    private static final int EVENT_WALL_TIME = 1;
    private static final int EVENT_STEP = 2;
    private static final int EVENT_FILE_VERSION = 3;
    private static final int EVENT_SUMMARY = 5;
    private static final int EVENT_SESSION_LOG = 7;
    private static final int SUMMARY_VALUE = 1;
    private static final int VALUE_TAG = 1;
    private static final int VALUE_SIMPLE_VALUE = 2;
    private static final int SESSION_STATUS = 1;
    private static final int SESSION_START = 1;

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FIXED32 = 5;
    private static final int WIRE_TYPE_BITS = 3;
    private static final int VARINT_BITS = 7;
    private static final int VARINT_MORE = 0x80;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private EventBytes() {}

    private static EventBytes event(double wallSeconds, long step) {
        var event = new EventBytes().fixed64(EVENT_WALL_TIME, wallSeconds);
        return step == 0 ? event : event.varint(EVENT_STEP, step);
    }

    static byte[] fileVersion(double wallSeconds) {
        return event(wallSeconds, 0)
                .delimited(EVENT_FILE_VERSION, FILE_VERSION.getBytes(StandardCharsets.US_ASCII))
                .toArray();
    }

    /** Those that read several files of a run forget what earlier sessions wrote of {@code step} and later ones. */
    static byte[] sessionStart(double wallSeconds, long step) {
        var log = new EventBytes().varint(SESSION_STATUS, SESSION_START);
        return event(wallSeconds, step)
                .delimited(EVENT_SESSION_LOG, log.toArray())
                .toArray();
    }

    static byte[] scalar(double wallSeconds, long step, String tag, double value) {
        var one = new EventBytes()
                .delimited(VALUE_TAG, tag.getBytes(StandardCharsets.UTF_8))
                .fixed32(VALUE_SIMPLE_VALUE, (float) value);
        var summary = new EventBytes().delimited(SUMMARY_VALUE, one.toArray());
        return event(wallSeconds, step)
                .delimited(EVENT_SUMMARY, summary.toArray())
                .toArray();
    }

    private EventBytes varint(int field, long value) {
        key(field, VARINT);
        number(value);
        return this;
    }

    private EventBytes fixed64(int field, double value) {
        key(field, FIXED64);
        bytes.writeBytes(little(Double.BYTES).putDouble(value).array());
        return this;
    }

    private EventBytes fixed32(int field, float value) {
        key(field, FIXED32);
        bytes.writeBytes(little(Float.BYTES).putFloat(value).array());
        return this;
    }

    private EventBytes delimited(int field, byte[] content) {
        key(field, LENGTH_DELIMITED);
        number(content.length);
        bytes.writeBytes(content);
        return this;
    }

    private void key(int field, int wireType) {
        number((long) field << WIRE_TYPE_BITS | wireType);
    }

    private void number(long value) {
        long left = value;
        while ((left & ~(VARINT_MORE - 1L)) != 0) {
            bytes.write((int) (left & (VARINT_MORE - 1L) | VARINT_MORE));
            left >>>= VARINT_BITS;
        }
        bytes.write((int) left);
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private byte[] toArray() {
        return bytes.toByteArray();
    }
}
