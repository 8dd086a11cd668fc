package fedbiomed.protocol.message;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Json;
import fedbiomed.vocabulary.Text;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Messages as JSON bytes. The bytes of a request are written once and kept: its id is their hash. */
public final class MessageCodec {
    private record Component(String name, Method accessor, boolean nullable) {}

    /** Read once a class: Java reads annotations of types anew each time that it is asked. */
    private static final ClassValue<List<Component>> COMPONENTS = new ClassValue<>() {
        @Override
        protected List<Component> computeValue(Class<?> type) {
            return Arrays.stream(type.getRecordComponents())
                    .map(component -> new Component(
                            component.getName(),
                            component.getAccessor(),
                            component.getAnnotatedType().isAnnotationPresent(Nullable.class)))
                    .toList();
        }
    };

    private MessageCodec() {}

    public static byte[] encode(Message message) {
        try {
            return Json.MAPPER.writerFor(Message.class).writeValueAsBytes(message);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "not expressible as JSON: " + message.getClass().getName(), e);
        }
    }

    /**
     * @throws FedbiomedException {@code UNSUPPORTED} for an unknown type, {@code BAD_MESSAGE} for what is no message; the
     *     text names the field, never a value
     */
    public static Message decode(byte[] body) {
        try {
            var message = Json.MAPPER.readValue(body, Message.class);
            if (message == null) {
                throw new FedbiomedException(ErrorCode.BAD_MESSAGE, "the message's body is JSON null");
            }
            requireNoMissingField(message);
            return message;
        } catch (InvalidTypeIdException e) {
            throw new FedbiomedException(
                    ErrorCode.UNSUPPORTED,
                    "unknown message type '" + Text.shown(String.valueOf(e.getTypeId()))
                            + "'; this party is older than the sender. Upgrade it");
        } catch (JsonProcessingException e) {
            var where =
                    e.getLocation() == null ? "" : " at byte " + e.getLocation().getByteOffset();
            throw new FedbiomedException(ErrorCode.BAD_MESSAGE, "the message's body is not valid" + where + field(e));
        } catch (IOException | RuntimeException e) {
            if (e instanceof FedbiomedException known) {
                throw known;
            }
            throw new FedbiomedException(ErrorCode.BAD_MESSAGE, "the message's body is not valid");
        }
    }

    private static String field(JsonProcessingException e) {
        if (!(e instanceof com.fasterxml.jackson.databind.JsonMappingException mapping)
                || mapping.getPath().isEmpty()) {
            return "";
        }
        return " (field "
                + Text.shown(String.valueOf(mapping.getPath().getLast().getFieldName())) + ")";
    }

    /** Jackson leaves an absent record component null; what is not {@code @Nullable} must be there, in lists and maps too. */
    private static void requireNoMissingField(Object value) {
        switch (value) {
            // a plan's own: any JSON
            case Args _ -> {}
            case Collection<?> many -> many.forEach(MessageCodec::requireElement);
            case Map<?, ?> map -> map.values().forEach(MessageCodec::requireElement);
            case Record record when record.getClass().getName().startsWith("fedbiomed.") -> requireComponents(record);
            default -> {}
        }
    }

    private static void requireElement(@Nullable Object element) {
        if (element == null) {
            throw new FedbiomedException(ErrorCode.BAD_MESSAGE, "the message has a null in a list or map");
        }
        requireNoMissingField(element);
    }

    private static void requireComponents(Record record) {
        for (var component : COMPONENTS.get(record.getClass())) {
            try {
                var value = component.accessor().invoke(record);
                if (value != null) {
                    requireNoMissingField(value);
                } else if (!component.nullable()) {
                    throw new FedbiomedException(
                            ErrorCode.BAD_MESSAGE, "the message lacks its field '" + component.name() + "'");
                }
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("a record's accessor is public", e);
            }
        }
    }
}
