package fedbiomed.data.image;

import fedbiomed.data.source.DataFolder;
import fedbiomed.data.source.ReadProgress;
import fedbiomed.data.source.SampleSource;
import fedbiomed.data.tabular.SampleTable;
import fedbiomed.vocabulary.ColumnDescription;
import fedbiomed.vocabulary.ColumnType;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A folder of images. Array {@value #IMAGE}, {@code [channels, height, width]}: U8 for 8-bit images, I32 for 16-bit ones,
 * F32 for floating ones. Labels either as subfolders, one a class ({@value #LABEL}, text: the subfolder's name), or in a
 * CSV file in the folder, whose first column (or {@value #KEY}) names the image by its path within the folder; its other
 * columns are the dataset's.
 */
public final class ImageFolder implements SampleSource {
    public static final String IMAGE = "image";
    public static final String LABEL = "label";

    private static final String SIZE = "size";
    private static final String COLOUR = "colour";
    private static final String LABELS = "labels";
    private static final String KEY = "key";

    /** What the data manager may say about the reading, with explanations. */
    public static final SortedMap<String, String> SETTINGS = Collections.unmodifiableSortedMap(new TreeMap<>(Map.of(
            SIZE, "HEIGHTxWIDTH to which each image is scaled, e.g. 128x128 (without it all must have one size)",
            COLOUR, "grey or rgb (without it as the first image has it)",
            LABELS, "the CSV file of labels in the folder (without it the only one there is)",
            KEY, "its column with the images' names (without it the first)")));

    private static final Pattern IMAGES =
            Pattern.compile(".*\\.(png|jpe?g|tiff?|bmp)", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Pattern TWO_SIZES = Pattern.compile("([1-9][0-9]{0,4})x([1-9][0-9]{0,4})");
    private static final int RGB = 3;

    private final Path folder;
    private final List<String> images;
    private final @Nullable String labelFile;
    private final SampleTable table;
    private final SortedMap<String, String> settings;
    private final Layout layout;

    /** What every image is made to be. */
    private record Layout(int channels, int height, int width, Pixels.Depth depth, boolean scaled) {}

    private ImageFolder(
            Path folder,
            List<String> images,
            @Nullable String labelFile,
            SampleTable table,
            SortedMap<String, String> settings,
            Layout layout) {
        this.folder = folder;
        this.images = images;
        this.labelFile = labelFile;
        this.table = table;
        this.settings = settings;
        this.layout = layout;
    }

    /**
     * Looks at the names, the labels and the first image.
     *
     * @throws FedbiomedException DATA_UNFIT naming what is missing or contradicts itself, and the remedy
     */
    public static ImageFolder open(Path path, SortedMap<String, String> settings) {
        var folder = DataFolder.of(path);
        var images = folder.files().stream()
                .filter(file -> IMAGES.matcher(file).matches())
                .toList();
        if (images.isEmpty()) {
            throw unfit("the folder holds no image whose name ends in .png, .jpg, .jpeg, .tif, .tiff or .bmp");
        }
        var labelFile = labelFile(folder, settings, images);
        var table = labelFile == null
                ? SampleTable.of(LABEL, classes(images))
                : SampleTable.joined(folder.path(labelFile), settings.getOrDefault(KEY, ""), images, IMAGE);
        table.requireFree(IMAGE);
        return new ImageFolder(path, images, labelFile, table, settings, layout(folder, images.getFirst(), settings));
    }

    private static @Nullable String labelFile(
            DataFolder folder, SortedMap<String, String> settings, List<String> images) {
        var file = folder.file(
                LABELS, settings, name -> name.toLowerCase(Locale.ROOT).endsWith(".csv"), "CSV files");
        if (file == null && !images.stream().allMatch(image -> image.indexOf('/') > 0)) {
            throw unfit("the images have no labels: put each into a subfolder with the name of its class, or put a CSV"
                    + " file beside them whose first column has the images' names");
        }
        return file;
    }

    private static String[] classes(List<String> images) {
        return images.stream()
                .map(image -> image.substring(0, image.indexOf('/')))
                .toArray(String[]::new);
    }

    private static Layout layout(DataFolder folder, String first, SortedMap<String, String> settings) {
        var image = ImageFile.read(folder.path(first), first);
        int channels = switch (settings.getOrDefault(COLOUR, "")) {
            case "" -> image.channels();
            case "grey" -> 1;
            case "rgb" -> RGB;
            default ->
                throw unfit("the setting '" + COLOUR + "' is grey or rgb, not '"
                        + Text.shown(settings.getOrDefault(COLOUR, "")) + "'");
        };
        var size = settings.get(SIZE);
        if (size == null) {
            return new Layout(channels, image.height(), image.width(), image.depth(), false);
        }
        var sizes = TWO_SIZES.matcher(size);
        if (!sizes.matches()) {
            throw unfit("the setting '" + SIZE + "' is HEIGHTxWIDTH, e.g. 128x128, not '" + Text.shown(size) + "'");
        }
        int height = Integer.parseInt(sizes.group(1));
        int width = Integer.parseInt(sizes.group(2));
        if ((long) height * width > ImageFile.MAX_PIXELS) {
            throw unfit("the setting '" + SIZE + "' asks for " + size + "; at most " + ImageFile.MAX_PIXELS
                    + " pixels are read");
        }
        return new Layout(channels, height, width, image.depth(), true);
    }

    @Override
    public int samples() {
        return images.size();
    }

    @Override
    public List<ColumnDescription> columns() {
        var columns = new ArrayList<ColumnDescription>();
        columns.add(new ColumnDescription(
                IMAGE,
                layout.depth == Pixels.Depth.FLOAT ? ColumnType.REAL : ColumnType.INTEGER,
                0,
                layout.depth.dtype().name(),
                List.of((long) layout.channels, (long) layout.height, (long) layout.width)));
        columns.addAll(table.columns());
        return columns;
    }

    @Override
    public void read(String array, int sample, MemorySegment into) {
        if (array.equals(IMAGE)) {
            image(images.get(sample)).write(into);
        } else {
            table.read(array, sample, into);
        }
    }

    private Pixels image(String file) {
        var image = ImageFile.read(folder.resolve(file), file);
        if (image.depth() != layout.depth) {
            throw unfit(Text.shown(file) + ": its pixels are of type "
                    + image.depth().dtype() + ", those of the first image '"
                    + Text.shown(images.getFirst()) + "' of type " + layout.depth.dtype()
                    + "; convert the images to one bit depth");
        }
        if (!settings.containsKey(COLOUR) && image.channels() != layout.channels) {
            throw unfit(Text.shown(file) + ": it has " + image.channels() + " channels, the first image '"
                    + Text.shown(images.getFirst()) + "' has " + layout.channels + "; set '" + COLOUR
                    + "' to grey or rgb");
        }
        if (!layout.scaled && (image.height() != layout.height || image.width() != layout.width)) {
            throw unfit(Text.shown(file) + ": it is " + image.height() + " x " + image.width()
                    + " pixels, the first image '"
                    + Text.shown(images.getFirst()) + "' " + layout.height + " x " + layout.width + "; set '" + SIZE
                    + "' to the HEIGHTxWIDTH to which all are scaled");
        }
        return image.inChannels(layout.channels).resized(layout.height, layout.width);
    }

    @Override
    public @Nullable String[] texts(String column) {
        return table.texts(column);
    }

    @Override
    public void requireSound(ReadProgress progress) {
        var done = new AtomicLong();
        images.parallelStream().forEach(file -> {
            if (!image(file).isFinite()) {
                throw unfit(Text.shown(file) + ": it holds pixels that are not finite; replace or remove the image");
            }
            progress.read(done.incrementAndGet(), images.size());
        });
    }

    @Override
    public String fingerprint() {
        var read = new ArrayList<>(images);
        if (labelFile != null) {
            read.add(labelFile);
        }
        return DataFolder.fingerprint(folder, read, settings);
    }

    private static FedbiomedException unfit(String what) {
        return new FedbiomedException(ErrorCode.DATA_UNFIT, what);
    }
}
