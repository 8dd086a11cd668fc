package fedbiomed.data.volume;

import fedbiomed.data.volume.Intensity.Voxels;
import fedbiomed.data.volume.Resampling.Method;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What is done to each volume of an array, as a data manager writes it: steps in their order, separated by spaces, each at
 * most once, such as {@code resample=1x1x1 size=64x64x64 zscore}. {@link #SYNTAX} says which there are.
 */
public final class VolumeTransforms {
    /** For a list of settings. */
    public static final String SYNTAX =
            "steps in their order: resample=MMxMMxMM (spacing), resize=DxHxW (interpolates),"
                    + " size=DxHxW (crops or pads around the middle), crop=DxHxW, pad=DxHxW, fill=NUMBER (what padding is filled"
                    + " with), nan=NUMBER (in place of no number), zscore, zscore-nonzero, minmax, minmax=LOW:HIGH";

    /** Most voxels of a volume before and after each step: 512 x 512 x 512, 512 MiB. */
    public static final long MAX_VOXELS = 1L << 27;

    private static final Pattern SIZES = Pattern.compile("[1-9][0-9]{0,3}(x[1-9][0-9]{0,3})*");
    private static final Pattern SPACINGS = Pattern.compile("[0-9]{1,4}(\\.[0-9]{1,6})?(x[0-9]{1,4}(\\.[0-9]{1,6})?)*");
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,9}(\\.[0-9]{1,9})?");

    private final List<Step> steps;
    private final float fill;
    private final float instead;

    /** @param intensity whether it changes values as such, which labels do not bear */
    private record Step(boolean intensity, Operation operation) {}

    @FunctionalInterface
    private interface Operation {
        Volume apply(Volume volume, Method method, float fill);
    }

    /** @param instead of values that are no numbers; NaN to keep them */
    private VolumeTransforms(List<Step> steps, float fill, float instead) {
        this.steps = List.copyOf(steps);
        this.fill = fill;
        this.instead = instead;
    }

    /** None. */
    public static VolumeTransforms none() {
        return new VolumeTransforms(List.of(), 0, Float.NaN);
    }

    /**
     * @param setting which says so, for errors
     * @param axes how many numbers a size or spacing has: 3, of depth (from inferior to superior), height and width, or 2
     * @throws FedbiomedException DATA_UNFIT saying what is meant by no step
     */
    public static VolumeTransforms parse(String setting, String text, int axes) {
        var parser = new Parser(setting, axes);
        Arrays.stream(text.strip().split("\\s+", -1)).forEach(parser::accept);
        return new VolumeTransforms(parser.steps, parser.fill, parser.instead);
    }

    private static final class Parser {
        private final String setting;
        private final int axes;
        private final List<Step> steps = new ArrayList<>();
        private final HashSet<String> seen = new HashSet<>();
        private float fill;
        private float instead = Float.NaN;

        Parser(String setting, int axes) {
            this.setting = setting;
            this.axes = axes;
        }

        void accept(String text) {
            int equals = text.indexOf('=');
            var name = equals < 0 ? text : text.substring(0, equals);
            var value = equals < 0 ? "" : text.substring(equals + 1);
            var of = name.startsWith("zscore") ? "zscore" : name;
            if (!seen.add(of)) {
                throw unfit("has the step '" + Text.shown(of) + "' twice; leave one");
            }
            switch (name) {
                case "resample" -> {
                    var spacing = spacings(value, text);
                    add(false, (volume, method, _) -> resampled(volume, method, spacing));
                }
                case "resize" -> {
                    var shape = sizes(value, text);
                    add(false, (volume, method, _) -> {
                        requireRoom(volume, shape, false);
                        return Resampling.toShape(volume, method, shape);
                    });
                }
                case "size" -> {
                    var shape = sizes(value, text);
                    add(false, (volume, _, filled) -> {
                        requireRoom(volume, shape, false);
                        return Framing.cropOrPad(volume, filled, shape);
                    });
                }
                case "crop" -> {
                    var shape = sizes(value, text);
                    add(false, (volume, _, _) -> Framing.centreCrop(volume, shape));
                }
                case "pad" -> {
                    var shape = sizes(value, text);
                    add(false, (volume, _, filled) -> {
                        requireRoom(volume, shape, true);
                        return Framing.pad(volume, filled, shape);
                    });
                }
                case "fill" -> fill = number(value, text);
                case "nan" -> instead = number(value, text);
                case "zscore", "zscore-nonzero" -> {
                    requireBare(text, equals);
                    var voxels = name.equals("zscore") ? Voxels.ALL : Voxels.NON_ZERO;
                    add(true, (volume, _, _) -> Intensity.zScore(volume, voxels));
                }
                case "minmax" -> minMax(text, equals < 0 ? "0:1" : value);
                default ->
                    throw unfit("has '" + Text.shown(text) + "', which is no step; they are " + SYNTAX
                            + ". Separate them with spaces, e.g. " + setting + "=\"" + example() + "\"");
            }
        }

        private void minMax(String text, String value) {
            var ends = value.split(":", -1);
            if (ends.length != 2) {
                throw unfit("has '" + Text.shown(text) + "'; write minmax=LOW:HIGH, e.g. minmax=-1:1");
            }
            float low = number(ends[0], text);
            float high = number(ends[1], text);
            if (!(low < high)) {
                throw unfit("has '" + Text.shown(text) + "', of which the first number is not below the second");
            }
            add(true, (volume, _, _) -> Intensity.minMax(volume, low, high));
        }

        private void add(boolean intensity, Operation operation) {
            steps.add(new Step(intensity, operation));
        }

        private String example() {
            return axes == 2 ? "resize=224x224 minmax" : "resample=1x1x1 size=64x64x64 zscore";
        }

        private void requireBare(String text, int equals) {
            if (equals >= 0) {
                throw unfit("has '" + Text.shown(text) + "'; that step takes no value");
            }
        }

        private int[] sizes(String value, String text) {
            var parts = value.split("x", -1);
            if (!SIZES.matcher(value).matches() || parts.length != axes) {
                throw unfit("has '" + Text.shown(text) + "', which needs " + axes
                        + " whole numbers from 1 to 9999 with an x between, e.g. "
                        + (axes == 2 ? "224x224 (HEIGHTxWIDTH)" : "64x64x64 (DEPTHxHEIGHTxWIDTH)"));
            }
            var sizes = Arrays.stream(parts).mapToInt(Integer::parseInt).toArray();
            if (Arrays.stream(sizes).asLongStream().reduce(1, (a, b) -> a * b) > MAX_VOXELS) {
                throw unfit("asks for '" + Text.shown(text) + "'; at most 2^27 voxels (512x512x512) are made");
            }
            return sizes;
        }

        private double[] spacings(String value, String text) {
            var parts = value.split("x", -1);
            boolean fits = SPACINGS.matcher(value).matches() && parts.length == axes;
            var spacings =
                    fits ? Arrays.stream(parts).mapToDouble(Double::parseDouble).toArray() : new double[1];
            if (!fits || Arrays.stream(spacings).anyMatch(spacing -> spacing == 0)) {
                throw unfit("has '" + Text.shown(text) + "', which needs " + axes
                        + " distances in mm above 0 with an x between, e.g. " + (axes == 2 ? "0.5x0.5" : "1x1x1.5"));
            }
            return spacings;
        }

        private float number(String value, String text) {
            if (!NUMBER.matcher(value).matches()) {
                throw unfit("has '" + Text.shown(text) + "', which needs a number, such as -1000 or 0.5");
            }
            return Float.parseFloat(value);
        }

        private FedbiomedException unfit(String what) {
            return new FedbiomedException(ErrorCode.DATA_UNFIT, "the setting '" + Text.shown(setting) + "' " + what);
        }
    }

    private static Volume resampled(Volume volume, Method method, double[] spacing) {
        double voxels = 1;
        for (int axis = 0; axis < volume.shape().length; axis++) {
            int size = volume.shape()[axis];
            voxels *= axis < spacing.length ? (size - 1) * volume.spacing()[axis] / spacing[axis] + 1 : size;
        }
        requireRoom(voxels);
        return Resampling.toSpacing(volume, method, spacing);
    }

    /** @param keepsLarger whether an axis that is larger than asked for stays so */
    private static void requireRoom(Volume volume, int[] shape, boolean keepsLarger) {
        var old = volume.shape();
        double voxels = 1;
        for (int axis = 0; axis < old.length; axis++) {
            boolean stays = axis >= shape.length || keepsLarger && old[axis] > shape[axis];
            voxels *= stays ? old[axis] : shape[axis];
        }
        requireRoom(voxels);
    }

    private static void requireRoom(double voxels) {
        if (voxels > MAX_VOXELS) {
            throw new FedbiomedException(
                    ErrorCode.DATA_UNFIT,
                    String.format(
                            Locale.ROOT,
                            "resampled or padded it would have %.0f voxels, and at most 2^27 (512x512x512) are made;"
                                    + " ask for a larger spacing or a smaller size, or crop before",
                            voxels));
        }
    }

    /** Whether values are changed as such, which labels do not bear. */
    public boolean changesIntensities() {
        return steps.stream().anyMatch(Step::intensity);
    }

    /** Without the steps that change values as such: what of them holds for labels. */
    public VolumeTransforms ofLabels() {
        return new VolumeTransforms(
                steps.stream().filter(step -> !step.intensity).toList(), 0, instead);
    }

    /**
     * @param volume changed by nobody afterwards, since where no step is it is also the result
     * @throws FedbiomedException DATA_UNFIT if it would be too large, or holds values that are not finite
     */
    public Volume apply(Volume volume, Method method) {
        var result = finite(volume);
        for (var step : steps) {
            result = step.operation.apply(result, method, fill);
        }
        return result;
    }

    private Volume finite(Volume volume) {
        var values = volume.values();
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                return replaced(volume);
            }
        }
        return volume;
    }

    private Volume replaced(Volume volume) {
        var values = volume.values().clone();
        for (int i = 0; i < values.length; i++) {
            if (Float.isNaN(values[i])) {
                values[i] = instead;
            }
            if (!Float.isFinite(values[i])) {
                throw new FedbiomedException(
                        ErrorCode.DATA_UNFIT,
                        "it holds values that are not finite; replace them (the step nan=0 does where they are NaN), or"
                                + " leave the subject out");
            }
        }
        return new Volume(values, volume.shape(), volume.spacing());
    }
}
