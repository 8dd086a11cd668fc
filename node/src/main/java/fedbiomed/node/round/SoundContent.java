package fedbiomed.node.round;

import fedbiomed.data.DatasetKinds;
import fedbiomed.data.source.DatasetContent;
import fedbiomed.data.source.StoredDataset;
import fedbiomed.parameters.DType;
import fedbiomed.vocabulary.ColumnDescription;
import fedbiomed.vocabulary.ColumnDetail;
import fedbiomed.vocabulary.ColumnType;
import fedbiomed.vocabulary.DataForm;
import fedbiomed.vocabulary.Text;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whether what a process says of a dataset can be true: a file may have taken that process over. What it says of the
 * values cannot be checked without reading them; that it is of a believable size and form can, and so can the
 * fingerprint, where it is one of the bytes alone.
 */
final class SoundContent {
    private static final Pattern FINGERPRINT = Pattern.compile("[0-9a-f]{64}");
    private static final int MAX_NOTES = 100;
    private static final int MAX_NOTE_CHARS = 10_000;
    private static final int MAX_CONTENT_CHARS = 100_000;
    private static final int MAX_DIMENSIONS = 8;
    private static final long MAX_SAMPLE_ELEMENTS = 1L << 40;

    private SoundContent() {}

    /** What cannot be true, as the end of a sentence; empty if nothing. */
    static Optional<String> problem(DatasetContent content, StoredDataset data) {
        if (content.samples() < 1 || content.samples() > Integer.MAX_VALUE) {
            return Optional.of("with " + content.samples() + " samples");
        }
        if (!FINGERPRINT.matcher(content.fingerprint()).matches()) {
            return Optional.of("with a fingerprint that is none");
        }
        var own = DatasetKinds.fingerprint(data);
        if (own.isPresent() && !own.get().equals(content.fingerprint())) {
            return Optional.of("with the fingerprint of another content (or it changed while it was read)");
        }
        if (content.notes().size() > MAX_NOTES
                || content.notes().stream().anyMatch(note -> !isShowable(note, MAX_NOTE_CHARS))) {
            return Optional.of("with notes that cannot be shown");
        }
        return columns(content, DatasetKinds.get(data.kind()).form());
    }

    private static Optional<String> columns(DatasetContent content, DataForm form) {
        var columns = content.columns();
        if (columns.isEmpty() || columns.size() > DatasetContent.MAX_COLUMNS) {
            return Optional.of("with " + columns.size() + " columns");
        }
        var names = new HashSet<String>();
        for (var column : columns) {
            if (!isSound(column, content.samples(), form) || !names.add(column.name())) {
                return Optional.of("with a column that cannot be");
            }
        }
        return form == DataForm.ARRAYS && columns.stream().allMatch(column -> column.dtype() == null)
                ? Optional.of("without an array")
                : Optional.empty();
    }

    @SuppressWarnings("ConstantValue") // what comes as JSON may lack what is never null elsewhere
    private static boolean isSound(ColumnDescription column, long samples, DataForm form) {
        @Nullable String name = column.name();
        @Nullable ColumnType type = column.type();
        return name != null
                && !name.isBlank()
                && name.length() <= DatasetContent.MAX_NAME_CHARS
                && type != null
                && column.missing() >= 0
                && column.missing() <= samples
                && isElement(column.dtype(), form)
                && isShape(column.shape())
                && (column.content() == null || isShowable(column.content(), MAX_CONTENT_CHARS))
                && (column.detail() == null || isDetail(column.detail(), samples));
    }

    private static boolean isElement(@Nullable String dtype, DataForm form) {
        return dtype == null
                || form == DataForm.ARRAYS
                        && Arrays.stream(DType.values())
                                .anyMatch(known -> known.name().equals(dtype));
    }

    private static boolean isShape(List<Long> shape) {
        if (shape.size() > MAX_DIMENSIONS) {
            return false;
        }
        long elements = 1;
        for (long size : shape) {
            if (size < 1 || size > MAX_SAMPLE_ELEMENTS / elements) {
                return false;
            }
            elements *= size;
        }
        return true;
    }

    private static boolean isDetail(ColumnDetail detail, long samples) {
        return (detail.type() == ColumnType.DATE || detail.type() == ColumnType.CATEGORICAL)
                && detail.categories() >= 0
                && detail.categories() <= Math.max(samples, detail.values().size())
                && detail.values().stream().allMatch(value -> value.length() <= DatasetContent.MAX_NAME_CHARS);
    }

    private static boolean isShowable(String text, int maxChars) {
        return text.equals(Text.shown(text, maxChars));
    }
}
