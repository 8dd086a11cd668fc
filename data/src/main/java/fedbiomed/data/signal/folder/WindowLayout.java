package fedbiomed.data.signal.folder;

import fedbiomed.data.signal.Channel;
import fedbiomed.data.signal.WindowPlan;
import fedbiomed.data.source.NameChecksum;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;

/**
 * What every window is made to be: all recordings have its channels, of its units, and are resampled to its rate.
 *
 * @param units of the channels, in their order
 */
record WindowLayout(List<ChannelChoice> channels, List<String> units, WindowPlan plan) {
    /** How many recordings an error names. */
    private static final int NAMES_SHOWN = 5;
    /** More channels are described by a checksum: high-density EEG has 256. */
    private static final int NAMES_LISTED = 16;

    /** @throws FedbiomedException DATA_UNFIT naming recordings and channels that do not go together */
    static WindowLayout of(List<RecordingFile> recordings, SignalSettings settings) {
        var first = recordings.getFirst();
        var channels = settings.channels().isEmpty()
                ? first.channels().stream()
                        .map(channel -> new ChannelChoice(channel.label(), channel.label()))
                        .toList()
                : settings.channels();
        requireChannels(recordings, channels);
        var units = new ArrayList<String>();
        for (var channel : channels) {
            units.add(unit(recordings, channel.label(), settings));
        }
        double rate = settings.rate() == null ? rate(recordings, channels) : settings.rate();
        return new WindowLayout(
                channels,
                List.copyOf(units),
                new WindowPlan(
                        settings.windowSeconds(),
                        settings.stepSeconds(),
                        rate,
                        channels.stream().map(ChannelChoice::label).toList()));
    }

    private static void requireChannels(List<RecordingFile> recordings, List<ChannelChoice> channels) {
        var common = new LinkedHashSet<String>();
        recordings.getFirst().channels().forEach(channel -> common.add(channel.label()));
        var lacking = new ArrayList<String>();
        int count = 0;
        for (var recording : recordings) {
            var labels = new HashSet<String>();
            var twice = new HashSet<String>();
            for (var channel : recording.channels()) {
                if (!labels.add(channel.label())) {
                    twice.add(channel.label());
                }
            }
            common.retainAll(labels);
            common.removeAll(twice);
            for (var channel : channels) {
                var label = channel.label();
                if (twice.contains(label) || !labels.contains(label)) {
                    count++;
                    if (lacking.size() < NAMES_SHOWN) {
                        lacking.add(Text.shown(recording.name(), 60)
                                + (twice.contains(label) ? " has several '" : " lacks '") + Text.shown(label, 40)
                                + "'");
                    }
                }
            }
        }
        if (count > 0) {
            throw unfit("each recording must have each channel once: " + String.join("; ", lacking)
                    + (count > lacking.size() ? " and " + (count - lacking.size()) + " more" : "")
                    + ". Set '" + SignalSettings.CHANNELS + "' to some that all have ("
                    + Text.shown(common.isEmpty() ? "there is none" : String.join(",", common), 200)
                    + "), or take these recordings out");
        }
    }

    private static Channel channel(RecordingFile recording, String label) {
        return recording.channels().stream()
                .filter(channel -> channel.label().equals(label))
                .findFirst()
                .orElseThrow();
    }

    private static String unit(List<RecordingFile> recordings, String label, SignalSettings settings) {
        var wanted = settings.unit();
        var first = channel(recordings.getFirst(), label).unit();
        for (var recording : recordings) {
            var unit = channel(recording, label).unit();
            if (wanted != null && VoltageUnit.factor(unit, wanted) == null) {
                throw unfit(Text.shown(recording.name()) + ": channel '" + Text.shown(label) + "' is in '"
                        + Text.shown(unit) + "', which cannot become " + wanted + "; leave the channel or the recording"
                        + " out, or the setting '" + SignalSettings.UNIT + "'");
            }
            if (wanted == null && !unit.equals(first)) {
                throw unfit(Text.shown(recording.name()) + ": channel '" + Text.shown(label) + "' is in '"
                        + Text.shown(unit) + "', in "
                        + Text.shown(recordings.getFirst().name()) + " in '"
                        + Text.shown(first) + "'; set '" + SignalSettings.UNIT
                        + "' to the unit of voltage to which all are"
                        + " converted, or take one out");
            }
        }
        return wanted == null ? first : wanted;
    }

    private static double rate(List<RecordingFile> recordings, List<ChannelChoice> channels) {
        double first =
                channel(recordings.getFirst(), channels.getFirst().label()).rate();
        for (var recording : recordings) {
            for (var choice : channels) {
                double rate = channel(recording, choice.label()).rate();
                if (rate != first) {
                    throw unfit(Text.shown(recording.name()) + ": channel '" + Text.shown(choice.label()) + "' has "
                            + rate
                            + " samples a second, channel '"
                            + Text.shown(channels.getFirst().label()) + "' of "
                            + Text.shown(recordings.getFirst().name()) + " " + first + "; set '" + SignalSettings.RATE
                            + "' to the one to which all are resampled");
                }
            }
        }
        return first;
    }

    /** What the values of a recording's channels are multiplied with, in the channels' order. */
    double[] factors(RecordingFile recording) {
        var factors = new double[channels.size()];
        for (int i = 0; i < factors.length; i++) {
            var unit = channel(recording, channels.get(i).label()).unit();
            factors[i] = unit.equals(units.get(i)) ? 1 : Objects.requireNonNull(VoltageUnit.factor(unit, units.get(i)));
        }
        return factors;
    }

    /** For whoever compares datasets: the channels in their order, their units, the rate. */
    String content() {
        var each = new ArrayList<String>();
        for (int i = 0; i < channels.size(); i++) {
            each.add(Text.shown(channels.get(i).name(), 40)
                    + (units.get(i).isEmpty() ? "" : " in " + Text.shown(units.get(i), 20)));
        }
        return (each.size() <= NAMES_LISTED
                        ? String.join(", ", each)
                        : each.size() + " channels, list " + NameChecksum.of(each.stream()))
                + ", " + plan.rate() + " Hz";
    }

    private static FedbiomedException unfit(String what) {
        return new FedbiomedException(ErrorCode.DATA_UNFIT, what);
    }
}
