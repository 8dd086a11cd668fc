package fedbiomed.data.nifti;

import fedbiomed.data.volume.VolumeFile;
import fedbiomed.data.volume.VolumeProblem;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/**
 * One NIfTI-1 or NIfTI-2 image: {@code .nii}, or a pair {@code .hdr} and {@code .img}; each also compressed with gzip
 * ({@code .nii.gz}), which the bytes tell, not the name. Either byte order.
 *
 * <p>Its voxels are indexed as nibabel's {@code get_fdata()} indexes them, {@code [i, j, k]} or {@code [i, j, k, t]}, and are
 * the same numbers ({@code stored * scl_slope + scl_inter} in float64), rounded to float32. The file has i fastest;
 * {@link #readInto} writes C order, the last axis fastest, so that a tensor of {@link #shape} over the target is
 * {@code torch.from_numpy(image.get_fdata())}. Values that are no numbers stay so. Nothing is turned to a standard orientation: {@link NiftiHeader#affine} tells
 * the one that it has.
 *
 * <p>A reading holds about 48 MiB besides its target at most. A compressed file is decompressed as a stream, up to its last
 * declared voxel; its checksum is verified if nothing much follows.
 */
public final class NiftiFile implements VolumeFile {
    /** Deflate makes at most 258 bytes of 2 bits: no file decompresses to more than that of its size. */
    private static final long MAX_RATIO = 1032;

    private static final int BUFFER_BYTES = 1 << 16;

    private final VolumeProblem problem;
    private final boolean compressed;
    private final NiftiHeader header;

    private NiftiFile(VolumeProblem problem, boolean compressed, NiftiHeader header) {
        this.problem = problem;
        this.compressed = compressed;
        this.header = header;
    }

    /** As {@link #open(Path, long)} with {@link VolumeFile#MAX_VOXELS}. */
    public static NiftiFile open(Path file) {
        return open(file, MAX_VOXELS);
    }

    /**
     * Reads and checks the header.
     *
     * @param file the image, or either file of a pair
     * @param maxVoxels of a volume, 1 to 2^31 - 9; what declares more is refused
     * @throws FedbiomedException DATA_UNFIT naming the field and the remedy, if it is no NIfTI image, of an element type that
     *     is not a real number (complex, RGB, ...), too large, or larger than its file can be; DATASET_CHANGED if the file or
     *     its other half is missing
     */
    public static NiftiFile open(Path file, long maxVoxels) {
        if (maxVoxels < 1 || maxVoxels > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("a limit of " + maxVoxels + " voxels; it must be 1 to 2^31 - 9");
        }
        var first = sibling(file, "img", "hdr");
        var problem = new VolumeProblem(first);
        try {
            problem.requireFile();
            var start = Start.of(first);
            var fields = HeaderFields.of(problem, start.bytes);
            boolean pair = fields.isPair();
            var header = NiftiHeader.read(fields, pair, maxVoxels);
            var data = pair ? sibling(first, "hdr", "img") : first;
            if (pair && data.equals(first)) {
                throw problem.of("it is the header of a pair; name it .hdr and put the .img beside it");
            }
            var dataProblem = new VolumeProblem(data);
            dataProblem.requireFile();
            boolean compressed = pair ? Start.of(data).compressed : start.compressed;
            requireRoom(dataProblem, header, Files.size(data), compressed);
            return new NiftiFile(dataProblem, compressed, header);
        } catch (IOException e) {
            throw problem.unreadable(e);
        }
    }

    /** Decided before anything is allocated. */
    private static void requireRoom(VolumeProblem problem, NiftiHeader header, long fileBytes, boolean compressed) {
        long needed = header.dataOffset() + header.dataBytes();
        if (needed > (compressed ? fileBytes * MAX_RATIO : fileBytes)) {
            throw problem.of("its header declares " + header.dataBytes() + " bytes of voxels (shape " + header.shape()
                    + ", " + header.type() + "), more than a file of " + fileBytes
                    + " bytes can hold; copy it again from where it came");
        }
    }

    public NiftiHeader header() {
        return header;
    }

    @Override
    public int[] shape() {
        return header.shape().stream().mapToInt(Integer::intValue).toArray();
    }

    @Override
    public double[] spacing() {
        return header.spacing().stream().mapToDouble(Double::doubleValue).toArray();
    }

    @Override
    public String storedType() {
        return header.type().toString();
    }

    @Override
    public long voxels() {
        return header.voxels();
    }

    @Override
    public void readInto(MemorySegment target) {
        if (target.byteSize() < 4 * voxels()) {
            throw new IllegalArgumentException(
                    "a target of " + target.byteSize() + " bytes for " + voxels() + " voxels of 4 bytes");
        }
        try (var in = stream(problem.file(), compressed)) {
            in.skipNBytes(header.dataOffset());
            readVoxels(in, target);
            if (compressed) {
                verifyChecksum(in);
            }
        } catch (IOException e) {
            throw problem.unreadable(e);
        }
    }

    private void readVoxels(InputStream in, MemorySegment target) throws IOException {
        var reversal = new AxisReversal(shape());
        var type = header.type();
        int largest = reversal.chunkAt(0);
        var raw = new byte[largest * type.bytes()];
        var values = new float[largest];
        for (long from = 0; from < voxels(); ) {
            int count = reversal.chunkAt(from);
            if (in.readNBytes(raw, 0, count * type.bytes()) < count * type.bytes()) {
                throw problem.of("it ends before its last voxel; copy it again from where it came");
            }
            if (header.order() == ByteOrder.BIG_ENDIAN) {
                type.swap(raw, count);
            }
            type.decode(raw, count, header.slope(), header.intercept(), values);
            reversal.write(values, count, from, target);
            from += count;
        }
    }

    /** gzip's checksum is compared when the stream's end is read; what follows an image further on is not our business. */
    private static void verifyChecksum(InputStream in) throws IOException {
        in.readNBytes(BUFFER_BYTES);
    }

    /** The first bytes of a file, decompressed, and whether they had to be. */
    private record Start(boolean compressed, byte[] bytes) {
        static Start of(Path file) throws IOException {
            try (var in = new BufferedInputStream(Files.newInputStream(file))) {
                in.mark(2);
                boolean compressed = Arrays.equals(in.readNBytes(2), new byte[] {0x1F, (byte) 0x8B});
                in.reset();
                var header = compressed ? new GZIPInputStream(in) : in;
                return new Start(compressed, header.readNBytes(HeaderFields.NIFTI2_BYTES));
            }
        }
    }

    private static InputStream stream(Path file, boolean compressed) throws IOException {
        var in = Files.newInputStream(file);
        if (!compressed) {
            return in;
        }
        try {
            return new GZIPInputStream(in, BUFFER_BYTES);
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    /** {@code a.hdr.gz} for {@code a.img.gz}, also where the other alone is compressed; the file itself if it is no such. */
    private static Path sibling(Path file, String from, String to) {
        var name = String.valueOf(file.getFileName());
        var plain = withoutSuffix(name, ".gz");
        if (!plain.toLowerCase(Locale.ROOT).endsWith("." + from)) {
            return file;
        }
        boolean capitals = plain.endsWith(from.toUpperCase(Locale.ROOT));
        var other = plain.substring(0, plain.length() - 3) + (capitals ? to.toUpperCase(Locale.ROOT) : to);
        var same = file.resolveSibling(other + name.substring(plain.length()));
        var otherwise = file.resolveSibling(plain.length() == name.length() ? other + ".gz" : other);
        return !Files.exists(same) && Files.exists(otherwise) ? otherwise : same;
    }

    private static String withoutSuffix(String name, String suffix) {
        return name.toLowerCase(Locale.ROOT).endsWith(suffix)
                ? name.substring(0, name.length() - suffix.length())
                : name;
    }
}
