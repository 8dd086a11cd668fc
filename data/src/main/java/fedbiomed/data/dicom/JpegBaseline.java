package fedbiomed.data.dicom;

import fedbiomed.data.volume.VolumeProblem;
import fedbiomed.vocabulary.FedbiomedException;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** JPEG Baseline (ISO/IEC 10918-1 process 1), 8 bits, one component, decoded by Java's own ImageIO. */
final class JpegBaseline {
    /** An 8 x 8 block has at least two bits. */
    static final int MAX_RATIO = 256;

    private static final int SOI = 0xD8;
    private static final int SOF0 = 0xC0;
    private static final int SOS = 0xDA;

    private JpegBaseline() {}

    /**
     * One frame, a byte a pixel.
     *
     * @throws FedbiomedException DATA_UNFIT if the stream is of another kind or size, or damaged
     */
    static byte[] decode(byte[] coded, int rows, int columns, VolumeProblem problem) {
        requireFrame(coded, rows, columns, problem);
        var readers = ImageIO.getImageReadersByFormatName("jpeg");
        if (!readers.hasNext()) {
            throw problem.of("this Java has no JPEG decoder; use a complete JDK");
        }
        var reader = readers.next();
        try (var in = new MemoryCacheImageInputStream(new ByteArrayInputStream(coded))) {
            return decode(reader, in, rows * columns, problem);
        } catch (IOException | RuntimeException e) {
            if (e instanceof FedbiomedException refused) {
                throw refused;
            }
            // damaged streams reach the decoder's own array accesses
            throw damaged(problem, e.getClass().getSimpleName());
        } finally {
            reader.dispose();
        }
    }

    private static byte[] decode(ImageReader reader, MemoryCacheImageInputStream in, int pixels, VolumeProblem problem)
            throws IOException {
        reader.setInput(in, true, true);
        // libjpeg fills up with grey what is missing or damaged, and only warns
        var warnings = new ArrayList<String>();
        reader.addIIOReadWarningListener((_, warning) -> warnings.add(warning));
        var raster = reader.readRaster(0, null);
        if (!warnings.isEmpty()) {
            throw damaged(problem, "the decoder warns");
        }
        if (raster.getNumBands() != 1
                || !(raster.getDataBuffer() instanceof DataBufferByte buffer)
                || buffer.getSize() != pixels) {
            throw damaged(problem, "its size");
        }
        return Arrays.copyOf(buffer.getData(), pixels);
    }

    /** Before anything is decoded: the frame header's numbers are those of the DICOM header. */
    private static void requireFrame(byte[] coded, int rows, int columns, VolumeProblem problem) {
        if (coded.length < 4 || u16(coded, 0) != (0xFF00 | SOI)) {
            throw damaged(problem, "no SOI");
        }
        for (int at = 2; at + 9 < coded.length; ) {
            int marker = coded[at + 1] & 0xFF;
            if (coded[at] != (byte) 0xFF || marker == SOS) {
                break;
            }
            if (marker == 0xFF) { // fill byte
                at++;
                continue;
            }
            if (marker == SOF0) {
                int precision = coded[at + 4];
                int components = coded[at + 9];
                if (precision != 8 || components != 1 || u16(coded, at + 5) != rows || u16(coded, at + 7) != columns) {
                    throw problem.of("a frame's JPEG stream has " + u16(coded, at + 5) + " x " + u16(coded, at + 7)
                            + " pixels of " + components + " components of " + precision
                            + " bits where the header says "
                            + rows + " x " + columns + " of one of 8; copy it again from where it came");
                }
                return;
            }
            at += 2 + u16(coded, at + 2);
        }
        throw damaged(problem, "no baseline frame header");
    }

    private static int u16(byte[] bytes, int at) {
        return (bytes[at] & 0xFF) << 8 | bytes[at + 1] & 0xFF;
    }

    private static FedbiomedException damaged(VolumeProblem problem, String what) {
        return problem.of("a frame's JPEG stream is damaged, or not JPEG Baseline (" + what
                + "); copy it again from where it came");
    }
}
