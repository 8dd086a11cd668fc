package fedbiomed.data.image;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** One image in a PNG (ISO/IEC 15948), JPEG (ITU-T T.81), TIFF 6.0 or BMP file, decoded by the JDK's readers. */
final class ImageFile {
    /** A slide scanner makes more; such an image is cut into tiles first. */
    static final long MAX_PIXELS = 1L << 26;

    private static final long MAX_FILE_BYTES = 1L << 28;
    private static final int GREY_BITS = 8;
    private static final int DEEP_BITS = 16;
    private static final int FLOAT_BITS = 32;
    private static final int RGB = 3;

    private ImageFile() {}

    /**
     * @param name how errors call it
     * @throws FedbiomedException DATA_UNFIT if it is no image that can be read, or too large
     */
    static Pixels read(Path file, String name) {
        try {
            long bytes = Files.size(file);
            if (bytes > MAX_FILE_BYTES) {
                throw unfit(name, "the file has " + bytes + " bytes; at most " + MAX_FILE_BYTES + " are read");
            }
            return decoded(Files.readAllBytes(file), name);
        } catch (IOException e) {
            // of the file system or of the decoder; its text may quote the content
            throw unfit(
                    name,
                    "it cannot be read as an image (" + e.getClass().getSimpleName() + "); replace or remove the file");
        }
    }

    @SuppressWarnings("CatchingUnchecked") // the decoders throw what they like at broken files
    static Pixels decoded(byte[] file, String name) throws IOException {
        try (var stream = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
            var readers = ImageIO.getImageReaders(stream);
            if (!readers.hasNext()) {
                throw unfit(name, "it is no PNG, JPEG, TIFF or BMP image; replace or remove the file");
            }
            var reader = readers.next();
            try {
                reader.setInput(stream, true, true);
                requireSize(reader, name);
                return pixels(reader.read(0), name);
            } catch (FedbiomedException e) {
                throw e;
            } catch (RuntimeException e) {
                throw unfit(name, "it is broken (" + e.getClass().getSimpleName() + "); replace or remove the file");
            } finally {
                reader.dispose();
            }
        }
    }

    /** The header's, before memory for the pixels is taken. */
    private static void requireSize(ImageReader reader, String name) throws IOException {
        long width = reader.getWidth(0);
        long height = reader.getHeight(0);
        if (width < 1 || height < 1 || width * height > MAX_PIXELS) {
            throw unfit(
                    name,
                    "the image has " + width + " x " + height + " pixels; 1 to " + MAX_PIXELS
                            + " are read: scale it down, or cut it into tiles");
        }
    }

    private static Pixels pixels(BufferedImage image, String name) {
        var colours = image.getColorModel();
        if (colours instanceof IndexColorModel palette) {
            return isGrey(palette) ? channels(image, 1, true) : channels(image, RGB, true);
        }
        int bits = image.getSampleModel().getSampleSize(0);
        boolean floating = image.getSampleModel().getDataType() == DataBuffer.TYPE_FLOAT;
        if (bits != GREY_BITS && bits != DEEP_BITS && !(floating && bits == FLOAT_BITS)) {
            throw unfit(
                    name,
                    "its samples have " + bits + " bits; 8 and 16, and 32 if floating, are read: convert the image");
        }
        // an alpha channel is none of them
        int channels = colours.getNumColorComponents();
        if (channels != 1 && channels != RGB) {
            throw unfit(
                    name,
                    "its colours have " + channels + " components (CMYK has 4); 1 and 3 are read: convert it to RGB");
        }
        return channels(image, channels, false);
    }

    private static boolean isGrey(IndexColorModel palette) {
        for (int i = 0; i < palette.getMapSize(); i++) {
            if (palette.getRed(i) != palette.getGreen(i) || palette.getRed(i) != palette.getBlue(i)) {
                return false;
            }
        }
        return true;
    }

    private static Pixels channels(BufferedImage image, int channels, boolean palette) {
        int width = image.getWidth();
        int height = image.getHeight();
        var values = new float[channels * width * height];
        if (palette) {
            var row = new int[width];
            for (int y = 0; y < height; y++) {
                image.getRGB(0, y, width, 1, row, 0, width);
                for (int c = 0; c < channels; c++) {
                    int shift = DEEP_BITS - c * GREY_BITS;
                    for (int x = 0; x < width; x++) {
                        values[(c * height + y) * width + x] = row[x] >> shift & 0xFF;
                    }
                }
            }
            return new Pixels(channels, height, width, Pixels.Depth.BYTE, values);
        }
        // not getRGB: to grey it would apply a gamma curve
        var raster = image.getRaster();
        var row = new float[width];
        for (int c = 0; c < channels; c++) {
            for (int y = 0; y < height; y++) {
                raster.getSamples(raster.getMinX(), raster.getMinY() + y, width, 1, c, row);
                System.arraycopy(row, 0, values, (c * height + y) * width, width);
            }
        }
        return new Pixels(channels, height, width, depth(image), values);
    }

    private static Pixels.Depth depth(BufferedImage image) {
        if (image.getSampleModel().getDataType() == DataBuffer.TYPE_FLOAT) {
            return Pixels.Depth.FLOAT;
        }
        return image.getSampleModel().getSampleSize(0) == DEEP_BITS ? Pixels.Depth.SHORT : Pixels.Depth.BYTE;
    }

    private static FedbiomedException unfit(String name, String what) {
        return new FedbiomedException(ErrorCode.DATA_UNFIT, Text.shown(name) + ": " + what);
    }
}
