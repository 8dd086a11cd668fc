package fedbiomed.data.signal.folder;

import fedbiomed.data.signal.WindowLabels;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the data manager said about the reading of signals, parsed.
 *
 * @param rate {@code null}: that of the channels, which then must be one
 * @param channels none: those of the first recording
 * @param unit {@code null}: the files' own, which then must be one
 * @param annotations none: windows have no label from annotations
 * @param other the label of windows that no annotation touches; {@code null}: they are left out
 * @param zeroMissing whether missing samples are 0; otherwise they are refused
 */
record SignalSettings(
        double windowSeconds,
        double stepSeconds,
        @Nullable Double rate,
        List<ChannelChoice> channels,
        @Nullable String unit,
        List<String> annotations,
        WindowLabels.Rule rule,
        @Nullable String other,
        String annotator,
        boolean zeroMissing) {
    static final String WINDOW = "window";
    static final String CHANNELS = "channels";
    static final String RATE = "rate";
    static final String UNIT = "unit";
    static final String MISSING = "missing";
    static final String LABELS = "labels";
    static final String KEY = "key";
    static final String ANNOTATIONS = "annotations";
    private static final String STEP = "step";
    private static final String RULE = "rule";
    private static final String OTHER = "other";
    private static final String ANNOTATOR = "annotator";

    static final SortedMap<String, String> EXPLAINED = Collections.unmodifiableSortedMap(new TreeMap<>(Map.ofEntries(
            Map.entry(WINDOW, "the length of a window, e.g. 10s or 500ms (needed)"),
            Map.entry(STEP, "from one window's start to the next one's (without it the windows' length)"),
            Map.entry(RATE, "samples a second to which all is resampled (without it the channels' own)"),
            Map.entry(
                    CHANNELS,
                    "labels of channels, in the order agreed, e.g. ECG I,ECG II; I=ECG I where the agreed name is another"
                            + " (without it those of the first recording)"),
            Map.entry(UNIT, "V, mV, uV or nV, to which all voltages are converted"),
            Map.entry(MISSING, "refuse (without it) or zero: samples that a file marks as missing"),
            Map.entry(
                    ANNOTATIONS,
                    "texts of annotations that label the windows, the column 'label', e.g. N,V for beats of WFDB"),
            Map.entry(
                    RULE,
                    "which of several annotations in a window counts: longest (without it), or first in 'annotations'"),
            Map.entry(OTHER, "the label of windows without such an annotation (without it they are left out)"),
            Map.entry(ANNOTATOR, "the ending of WFDB's annotation files (without it atr)"),
            Map.entry(LABELS, "the CSV file with a row a recording in the folder (without it the only one there is)"),
            Map.entry(KEY, "its column with the recordings' names (without it the first)"))));

    private static final Pattern DURATION = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)\\s*(ms|s|min|h|)");
    private static final Pattern HERTZ = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)\\s*(?:Hz)?");
    private static final Pattern ENDING = Pattern.compile("[A-Za-z0-9_]{1,20}");
    private static final double MINUTE_SECONDS = 60;
    private static final double HOUR_SECONDS = 3600;

    /** @throws FedbiomedException DATA_UNFIT naming the setting that is not understood, or is needed */
    static SignalSettings parse(SortedMap<String, String> settings) {
        var window = settings.get(WINDOW);
        if (window == null) {
            throw unfit("signals need the setting 'window': how long a sample is, e.g. window=10s");
        }
        var rate = settings.get(RATE);
        var unit = settings.get(UNIT);
        var annotations = list(settings.getOrDefault(ANNOTATIONS, ""));
        for (var only : List.of(RULE, OTHER, ANNOTATOR)) {
            if (annotations.isEmpty() && settings.containsKey(only)) {
                throw unfit(
                        "the setting '" + only + "' says how annotations label windows; name them with the setting '"
                                + ANNOTATIONS + "', or leave it out");
            }
        }
        var annotator = settings.getOrDefault(ANNOTATOR, "atr");
        if (!ENDING.matcher(annotator).matches()) {
            throw unfit("the setting '" + ANNOTATOR + "' is the ending of files, such as atr, not '"
                    + Text.shown(annotator) + "'");
        }
        return new SignalSettings(
                seconds(WINDOW, window),
                seconds(STEP, settings.getOrDefault(STEP, window)),
                rate == null ? null : hertz(rate),
                ChannelChoice.parse(settings.getOrDefault(CHANNELS, "")),
                unit == null ? null : VoltageUnit.parse(unit),
                annotations,
                oneOf(settings, RULE, "longest", "first")
                        ? WindowLabels.Rule.DECLARED_FIRST
                        : WindowLabels.Rule.LONGEST,
                settings.get(OTHER),
                annotator,
                oneOf(settings, MISSING, "refuse", "zero"));
    }

    /** Separated by commas; by semicolons, where there is one, so that a name may have a comma. */
    static List<String> list(String setting) {
        return Arrays.stream(setting.split(setting.indexOf(';') < 0 ? "," : ";"))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .distinct()
                .toList();
    }

    /** Whether it is the second. */
    private static boolean oneOf(SortedMap<String, String> settings, String setting, String first, String second) {
        var value = settings.getOrDefault(setting, first);
        if (!value.equals(first) && !value.equals(second)) {
            throw unfit("the setting '" + setting + "' is " + first + " or " + second + ", not '" + Text.shown(value)
                    + "'");
        }
        return value.equals(second);
    }

    private static double seconds(String setting, String value) {
        var duration = DURATION.matcher(value);
        if (!duration.matches()) {
            throw unfit("the setting '" + setting + "' is a duration, e.g. 10s, 500ms or 2min, not '"
                    + Text.shown(value) + "'");
        }
        double number = Double.parseDouble(duration.group(1));
        return switch (duration.group(2)) {
            case "ms" -> number / 1000;
            case "min" -> number * MINUTE_SECONDS;
            case "h" -> number * HOUR_SECONDS;
            default -> number;
        };
    }

    private static double hertz(String value) {
        var rate = HERTZ.matcher(value);
        if (!rate.matches()) {
            throw unfit("the setting '" + RATE + "' is a number of samples a second, e.g. 100Hz, not '"
                    + Text.shown(value) + "'");
        }
        return Double.parseDouble(rate.group(1));
    }

    private static FedbiomedException unfit(String what) {
        return new FedbiomedException(ErrorCode.DATA_UNFIT, what);
    }
}
