package fedbiomed.data.volume;

import fedbiomed.data.volume.Resampling.Method;
import fedbiomed.parameters.DType;
import fedbiomed.vocabulary.ColumnDescription;
import fedbiomed.vocabulary.ColumnType;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A dataset's array of which each sample is a volume: channels first, F32; of labels I32. The first volume that is read says
 * which shape all have.
 *
 * @param axes how many of a volume's axes are places; further ones are channels
 */
public final class VolumeArray {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    /** Up to here a float holds every whole number. */
    private static final float MAX_LABEL = 1 << 24;

    private final String name;
    private final int axes;
    private final boolean labels;
    private final VolumeTransforms transforms;
    private final List<Long> shape;
    private final String firstFile;

    /** Volumes as their files have them, turned as all are; a file by its path within the dataset's folder. */
    public interface Reader {
        Volume read(String file);

        /** How many voxels it has before it is transformed. */
        long voxels(String file);
    }

    private VolumeArray(
            String name, int axes, boolean labels, VolumeTransforms transforms, List<Long> shape, String firstFile) {
        this.name = name;
        this.axes = axes;
        this.labels = labels;
        this.transforms = transforms;
        this.shape = shape;
        this.firstFile = firstFile;
    }

    /**
     * Reads the first volume.
     *
     * @throws FedbiomedException DATA_UNFIT naming it
     */
    public static VolumeArray of(
            String name, int axes, boolean labels, VolumeTransforms transforms, String firstFile, Reader reader) {
        var unshaped = new VolumeArray(name, axes, labels, transforms, List.of(), firstFile);
        var shape = unshaped.shape(unshaped.transformed(firstFile, reader));
        return new VolumeArray(name, axes, labels, transforms, shape, firstFile);
    }

    public String name() {
        return name;
    }

    public boolean isLabels() {
        return labels;
    }

    public ColumnDescription description() {
        return new ColumnDescription(
                name, labels ? ColumnType.INTEGER : ColumnType.REAL, 0, (labels ? DType.I32 : DType.F32).name(), shape);
    }

    /** Channels first. */
    private List<Long> shape(Volume volume) {
        var sizes = volume.shape();
        long channels = 1;
        for (int axis = axes; axis < sizes.length; axis++) {
            channels *= sizes[axis];
        }
        var shape = new ArrayList<Long>();
        shape.add(channels);
        for (int axis = 0; axis < axes; axis++) {
            shape.add((long) sizes[axis]);
        }
        return List.copyOf(shape);
    }

    /**
     * Writes one sample.
     *
     * @throws FedbiomedException DATA_UNFIT naming the file, if it cannot be read, or has another shape than the first
     */
    public void read(String file, Reader reader, MemorySegment into) {
        var volume = transformed(file, reader);
        var other = shape(volume);
        if (!other.equals(shape)) {
            throw of(
                    file,
                    "it is " + other + ", the first one, " + Text.shown(firstFile) + ", " + shape + "; " + remedy());
        }
        write(volume, file, into);
    }

    /**
     * Reads a volume and forgets it.
     *
     * @return its shape where that is not the first one's, else {@code null}
     * @throws FedbiomedException DATA_UNFIT naming the file
     */
    public @Nullable List<Long> otherShape(String file, Reader reader) {
        var volume = transformed(file, reader);
        if (labels) {
            for (float value : volume.values()) {
                label(value, file);
            }
        }
        var other = shape(volume);
        return other.equals(shape) ? null : other;
    }

    /** @param others of which shape each is, by file */
    public FedbiomedException unlike(List<String> others, int of) {
        return new FedbiomedException(
                ErrorCode.DATA_UNFIT,
                others.size() + " of " + of + " samples of '" + Text.shown(name)
                        + "' have another shape than the first ("
                        + Text.shown(firstFile) + ", " + shape + "): "
                        + String.join("; ", others.stream().limit(5).toList())
                        + (others.size() > 5 ? "; ..." : "") + ". " + remedy());
    }

    private String remedy() {
        return axes == 3
                ? "Bring all to one spacing and size, e.g. with resample=1x1x1 size=128x128x128; or leave them out"
                : "Bring all to one size, e.g. with resize=224x224; or leave them out";
    }

    private Volume transformed(String file, Reader reader) {
        return named(file, () -> transforms.apply(reader.read(file), labels ? Method.NEAREST : Method.LINEAR));
    }

    /** As {@link Reader#voxels}. @throws FedbiomedException DATA_UNFIT naming the file */
    static long voxels(String file, Reader reader) {
        return named(file, () -> reader.voxels(file));
    }

    private static <T> T named(String file, Supplier<T> action) {
        try {
            return action.get();
        } catch (OutOfMemoryError _) {
            throw of(file, "it does not fit into memory; give the program more, or leave the file out");
        } catch (FedbiomedException e) {
            // a reader names the file alone, and each subject may have one of that name
            var alone = Text.shown(file.substring(file.lastIndexOf('/') + 1)) + ": ";
            var what = e.text().startsWith(alone) ? e.text().substring(alone.length()) : e.text();
            throw new FedbiomedException(e.code(), Text.shown(file) + ": " + what, e);
        }
    }

    private void write(Volume volume, String file, MemorySegment into) {
        var values = volume.values();
        int channels = Math.toIntExact(shape.getFirst());
        int places = values.length / channels;
        for (int channel = 0; channel < channels; channel++) {
            long to = 4L * channel * places;
            if (!labels && channels == 1) {
                MemorySegment.copy(values, 0, into, FLOAT, to, places);
                continue;
            }
            for (int i = 0, from = channel; i < places; i++, from += channels, to += 4) {
                if (labels) {
                    into.set(INT, to, label(values[from], file));
                } else {
                    into.set(FLOAT, to, values[from]);
                }
            }
        }
    }

    private int label(float value, String file) {
        if (value != Math.rint(value) || Math.abs(value) > MAX_LABEL) {
            throw of(
                    file,
                    "it is to be a mask, but its voxels are not all whole numbers (to 2^24); is it an image? Then leave it"
                            + " out of the masks");
        }
        return (int) value;
    }

    private static FedbiomedException of(String file, String what) {
        return new FedbiomedException(ErrorCode.DATA_UNFIT, Text.shown(file) + ": " + what);
    }
}
