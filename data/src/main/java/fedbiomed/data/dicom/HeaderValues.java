package fedbiomed.data.dicom;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The values that a file has for the elements that are read, of the data set and of the functional groups of its frames. */
final class HeaderValues {
    /** In place of a frame's number: the group that holds for all frames. */
    static final int SHARED = -1;

    private final Map<Integer, byte[]> values = new HashMap<>();
    private final Map<Integer, Map<Integer, byte[]>> groups = new HashMap<>();

    void put(int tag, byte[] value) {
        values.put(tag, value);
    }

    void putInGroup(int frame, int tag, byte[] value) {
        groups.computeIfAbsent(frame, _ -> new HashMap<>()).put(tag, value);
    }

    boolean has(int tag) {
        return values.containsKey(tag);
    }

    /** Whether the frames' groups give that value to any frame for itself, or to all. */
    boolean isInGroups(int tag) {
        return groups.values().stream().anyMatch(group -> group.containsKey(tag));
    }

    /** Text without the padding; {@code null} if the element is missing or empty. */
    @Nullable
    String text(int tag) {
        return nonEmpty(values.get(tag));
    }

    /** The frame's own value, else that of all frames, else the data set's. */
    @Nullable
    String text(int tag, int frame) {
        for (int group : new int[] {frame, SHARED}) {
            var values = groups.get(group);
            if (values != null && values.containsKey(tag)) {
                return nonEmpty(values.get(tag));
            }
        }
        return text(tag);
    }

    /** An unsigned 16-bit number (VR US); -1 if the element is missing, or no such. */
    int u16(int tag) {
        var value = values.get(tag);
        return value == null || value.length != 2 ? -1 : value[0] & 0xFF | (value[1] & 0xFF) << 8;
    }

    private static @Nullable String nonEmpty(byte @Nullable [] value) {
        var text = value == null ? "" : text(value);
        return text.isEmpty() ? null : text;
    }

    /** Padded with spaces, or identifiers with a NUL (PS3.5 section 6.2). */
    static String text(byte[] value) {
        return new String(value, StandardCharsets.ISO_8859_1).replace('\0', ' ').strip();
    }
}
