package fedbiomed.data.dicom;

import fedbiomed.data.dicom.Fragments.Fragment;
import fedbiomed.data.volume.VolumeFile;
import fedbiomed.data.volume.VolumeProblem;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One DICOM file (PS3.10, with preamble) of grey values: explicit or implicit VR little endian, RLE Lossless, or JPEG
 * Baseline; 1, 8, 16 or 32 bits allocated, signed or not; one frame or several.
 *
 * <p>Its voxels are indexed {@code [row, column]}, or {@code [frame, row, column]} where there are several frames, in the
 * order of the file, as pydicom's {@code pixel_array}; their values are {@code stored * slope + intercept} in float64,
 * rounded to float32, as pydicom's {@code apply_rescale}. {@code MONOCHROME1} changes no value, as there: it is told by
 * {@link PixelFormat#monochrome1}, and {@link fedbiomed.data.volume.Intensity#inverted} makes such an image like the others.
 * Windows, overlays, padding values and presentation look-up tables are not
 * applied.
 *
 * <p>A reading holds a frame at most besides its target (up to 2^25 pixels, compressed), or 8 MiB of uncompressed pixels.
 */
public final class DicomFile implements VolumeFile {
    /** A compressed frame is decoded as a whole: 2^25 pixels are a mammogram of 5,792 x 5,792. */
    private static final int MAX_COMPRESSED_FRAME_PIXELS = 1 << 25;

    private static final int CHUNK_PIXELS = 1 << 20;

    private final VolumeProblem problem;
    private final DicomHeader header;
    private final long dataAt;
    /** Of each frame; empty where they are not compressed. */
    private final List<List<Fragment>> fragments;

    private final SliceKey key;

    private DicomFile(
            VolumeProblem problem, DicomHeader header, long dataAt, List<List<Fragment>> fragments, SliceKey key) {
        this.problem = problem;
        this.header = header;
        this.dataAt = dataAt;
        this.fragments = fragments;
        this.key = key;
    }

    /**
     * What tells a slice's series and place. Identifiers stay within this package: they lead to a patient.
     *
     * @param number Instance Number
     * @param plane {@code null} if missing or malformed
     * @param malformed whether place or orientation are there, but cannot be
     * @param frameSteps of several frames: the distance from each to the next along the normal, mm; empty where not all say
     *     where they are, or not all are parallel
     */
    record SliceKey(
            @Nullable String seriesUid,
            @Nullable Integer number,
            @Nullable PlanePosition plane,
            boolean malformed,
            List<Double> frameSteps) {}

    /** As {@link #open(Path, long)} with {@link VolumeFile#MAX_VOXELS}. */
    public static DicomFile open(Path file) {
        return open(file, MAX_VOXELS);
    }

    /**
     * Reads and checks the header.
     *
     * @param maxVoxels of all frames, 1 to 2^31 - 9; what declares more is refused
     * @throws FedbiomedException DATA_UNFIT naming the element and the remedy, if it is no DICOM file, of another transfer
     *     syntax (by its name), no image of grey values, too large, or larger than its file can be; DATASET_CHANGED if it is
     *     missing
     */
    public static DicomFile open(Path file, long maxVoxels) {
        if (maxVoxels < 1 || maxVoxels > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("a limit of " + maxVoxels + " voxels; it must be 1 to 2^31 - 9");
        }
        var problem = new VolumeProblem(file);
        problem.requireFile();
        try (var channel = FileChannel.open(file)) {
            var in = new DicomInput(problem, channel);
            var parsed = DicomParser.parse(in);
            var header = DicomHeader.of(parsed, problem, maxVoxels);
            requireRoom(parsed, header.pixels(), problem, in.remaining());
            var fragments = parsed.syntax().isEncapsulated()
                    ? Fragments.read(in, header.pixels().frames())
                    : List.<List<Fragment>>of();
            return new DicomFile(
                    problem,
                    header,
                    parsed.pixelDataAt(),
                    fragments,
                    key(parsed.values(), header.pixels().frames()));
        } catch (IOException e) {
            throw problem.unreadable(e);
        }
    }

    /** Decided before anything is allocated; what a compressed frame can hold is decided when it is decoded. */
    private static void requireRoom(
            DicomParser.Parsed parsed, PixelFormat pixels, VolumeProblem problem, long remaining) {
        boolean encapsulated = parsed.syntax().isEncapsulated();
        if (encapsulated != parsed.pixelDataBytes() < 0) {
            throw problem.of(
                    "its pixel data are " + (encapsulated ? "not " : "") + "in fragments, which its transfer syntax, "
                            + parsed.syntax() + ", does not allow; write it again with a DICOM tool");
        }
        if (!encapsulated) {
            if (parsed.pixelDataBytes() > remaining || parsed.pixelDataBytes() < pixels.dataBytes()) {
                throw problem.of("its header declares " + pixels.dataBytes() + " bytes of pixels, but it has "
                        + Math.min(remaining, parsed.pixelDataBytes()) + "; copy it again from where it came");
            }
            return;
        }
        if (pixels.framePixels() > MAX_COMPRESSED_FRAME_PIXELS) {
            throw problem.of("its frames have " + pixels.rows() + " x " + pixels.columns()
                    + " pixels; compressed ones of" + " up to 2^25 are read: convert it to Explicit VR Little Endian");
        }
        long ratio = parsed.syntax() == TransferSyntax.RLE_LOSSLESS ? PackBits.MAX_RATIO : JpegBaseline.MAX_RATIO;
        if (pixels.dataBytes() > ratio * remaining) {
            throw problem.of("its header declares " + pixels.dataBytes() + " bytes of pixels, more than " + remaining
                    + " compressed bytes can hold; copy it again from where it came");
        }
        if (pixels.bitsAllocated() == 1
                || parsed.syntax() == TransferSyntax.JPEG_BASELINE && pixels.bitsAllocated() != 8) {
            throw problem.of("Bits Allocated (0028,0100) is " + pixels.bitsAllocated() + ", which " + parsed.syntax()
                    + " does not allow; write it again with a DICOM tool");
        }
    }

    private static SliceKey key(HeaderValues values, int frames) {
        var text = values.text(Tags.INSTANCE_NUMBER);
        var number = text == null ? null : DecimalString.parse(text, 1);
        boolean whole = number != null && number[0] == Math.rint(number[0]) && Math.abs(number[0]) < Integer.MAX_VALUE;
        return new SliceKey(
                values.text(Tags.SERIES_INSTANCE_UID),
                whole && number != null ? Integer.valueOf((int) number[0]) : null,
                PlanePosition.of(values, 0),
                PlanePosition.isMalformed(values),
                frameSteps(values, frames));
    }

    private static List<Double> frameSteps(HeaderValues values, int frames) {
        var steps = new ArrayList<Double>();
        var before = PlanePosition.of(values, 0);
        if (frames > DicomSeries.MAX_FILES) {
            return List.of();
        }
        for (int frame = 1; frame < frames; frame++) {
            var plane = PlanePosition.of(values, frame);
            if (before == null || plane == null || !plane.isParallelTo(before)) {
                return List.of();
            }
            steps.add(before.along(plane) - before.along(before));
            before = plane;
        }
        return List.copyOf(steps);
    }

    public DicomHeader header() {
        return header;
    }

    SliceKey key() {
        return key;
    }

    VolumeProblem problem() {
        return problem;
    }

    @Override
    public int[] shape() {
        var pixels = header.pixels();
        return pixels.frames() == 1
                ? new int[] {pixels.rows(), pixels.columns()}
                : new int[] {pixels.frames(), pixels.rows(), pixels.columns()};
    }

    @Override
    public double[] spacing() {
        return header.spacing().stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** Such as {@code uint12 of 16 bits}. */
    @Override
    public String storedType() {
        return header.pixels().storedType();
    }

    @Override
    public void readInto(MemorySegment target) {
        if (target.byteSize() < 4 * voxels()) {
            throw new IllegalArgumentException(
                    "a target of " + target.byteSize() + " bytes for " + voxels() + " voxels of 4 bytes");
        }
        var pixels = header.pixels();
        try (var channel = FileChannel.open(problem.file())) {
            var values = new float[(int) Math.min(CHUNK_PIXELS, pixels.framePixels())];
            for (int frame = 0; frame < pixels.frames(); frame++) {
                if (fragments.isEmpty()) {
                    readFrame(channel, frame, values, target);
                } else {
                    decodeFrame(channel, frame, values, target);
                }
            }
        } catch (IOException e) {
            throw problem.unreadable(e);
        }
    }

    private void readFrame(FileChannel channel, int frame, float[] values, MemorySegment target) throws IOException {
        var pixels = header.pixels();
        int bits = pixels.bitsAllocated();
        long first = frame * pixels.framePixels();
        long end = first + pixels.framePixels();
        var raw = new byte[(int) (((long) values.length * bits + 7) / 8 + 1)];
        for (long at = first; at < end; at += values.length) {
            int count = (int) Math.min(values.length, end - at);
            long bit = at * bits;
            int rest = (int) (bit % 8);
            int bytes = (int) ((rest + (long) count * bits + 7) / 8);
            fill(channel, dataAt + bit / 8, raw, 0, bytes);
            pixels.decode(raw, rest, count, rescale(frame), values);
            MemorySegment.copy(values, 0, target, ValueLayout.JAVA_FLOAT_UNALIGNED, 4 * at, count);
        }
    }

    private void decodeFrame(FileChannel channel, int frame, float[] values, MemorySegment target) throws IOException {
        var pixels = header.pixels();
        int framePixels = (int) pixels.framePixels();
        var coded = coded(channel, frame);
        var raw = header.transferSyntax() == TransferSyntax.RLE_LOSSLESS
                ? PackBits.decode(coded, framePixels, pixels.bitsAllocated() / 8, problem)
                : JpegBaseline.decode(coded, pixels.rows(), pixels.columns(), problem);
        for (int at = 0; at < framePixels; at += values.length) {
            int count = Math.min(values.length, framePixels - at);
            pixels.decode(raw, at * pixels.bitsAllocated(), count, rescale(frame), values);
            long to = (long) frame * framePixels + at;
            MemorySegment.copy(values, 0, target, ValueLayout.JAVA_FLOAT_UNALIGNED, 4 * to, count);
        }
    }

    private byte[] coded(FileChannel channel, int frame) throws IOException {
        long bytes = 0;
        for (var fragment : fragments.get(frame)) {
            bytes += fragment.bytes();
        }
        if (bytes > Integer.MAX_VALUE - 8) {
            throw problem.of("frame " + (frame + 1) + " has " + bytes + " compressed bytes; up to 2^31 are read");
        }
        var coded = new byte[(int) bytes];
        int to = 0;
        for (var fragment : fragments.get(frame)) {
            fill(channel, fragment.at(), coded, to, fragment.bytes());
            to += fragment.bytes();
        }
        return coded;
    }

    private static void fill(FileChannel channel, long at, byte[] bytes, int to, int count) throws IOException {
        var buffer = ByteBuffer.wrap(bytes, to, count);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, at + buffer.position() - to) < 0) {
                throw new EOFException();
            }
        }
    }

    private Rescale rescale(int frame) {
        return header.rescales().get(header.rescales().size() == 1 ? 0 : frame);
    }
}
