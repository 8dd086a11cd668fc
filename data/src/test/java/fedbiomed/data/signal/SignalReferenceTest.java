package fedbiomed.data.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import fedbiomed.data.file.Resources;
import fedbiomed.data.signal.edf.EdfFile;
import fedbiomed.data.signal.wfdb.WfdbRecord;
import fedbiomed.vocabulary.Json;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Real recordings (the README beside them says from where) read as pyedflib 0.1.42 and wfdb 4.3.1 read them, and
 * resampled as scipy 1.17.1 does: {@code src/test/python/signals_reference.py} wrote the figures.
 */
class SignalReferenceTest {
    private static JsonNode reference = Json.MAPPER.nullNode();

    @BeforeAll
    static void figures() throws IOException {
        reference = Json.MAPPER.readTree(Resources.file("signal/reference.json").toFile());
    }

    private static Recording open(String name) {
        var file = Resources.file("signal/" + name);
        return name.endsWith(".hea") ? WfdbRecord.open(file) : EdfFile.open(file);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "test_uneven_samp.edf",
                "duplicate_channel_labels.edf",
                "test_bdf_stim_channel.bdf",
                "test_subsecond.edf",
                "100_3chan.hea",
                "test01_00s.hea",
                "test01_00s_skewframe.hea",
                "100.hea"
            })
    void channelsValuesAndAnnotationsAreThoseOfTheReferenceReader(String name) {
        var expected = reference.get(name);
        try (var recording = open(name)) {
            assertThat(recording.channels()).hasSize(expected.get("channels").size());
            for (int i = 0; i < recording.channels().size(); i++) {
                assertChannel(recording, i, expected.get("channels").get(i));
            }
            assertAnnotations(recording.annotations(), expected.get("annotations"));
        }
    }

    private static void assertChannel(Recording recording, int index, JsonNode expected) {
        var channel = recording.channels().get(index);
        assertThat(channel.label()).isEqualTo(expected.get("label").asText());
        assertThat(channel.unit()).isEqualTo(expected.get("unit").asText());
        assertThat(channel.rate()).isEqualTo(expected.get("rate").asDouble());
        int samples = expected.get("samples").asInt();
        assertThat(recording.frames() * channel.samplesPerFrame()).isEqualTo(samples);
        var values = new float[samples];
        recording.read(index, 0, values, 0, samples);
        double sum = 0;
        double squares = 0;
        int missing = 0;
        for (float value : values) {
            missing += Float.isNaN(value) ? 1 : 0;
            sum += Float.isNaN(value) ? 0 : value;
            squares += Float.isNaN(value) ? 0 : (double) value * value;
        }
        assertThat(missing).isEqualTo(expected.get("missing").asInt());
        // float32 has 24 bits: a relative error of 6e-8 in each value
        double scale = Math.sqrt(squares * samples);
        assertThat(sum).isCloseTo(expected.get("sum").asDouble(), within(1e-7 * scale));
        assertThat(squares).isCloseTo(expected.get("squares").asDouble(), within(2e-7 * squares));
        assertValues(values, 0, expected.get("first"));
        assertValues(values, samples - 5, expected.get("last"));
        // a stretch read on its own is the same
        var part = new float[samples / 3 + 2];
        recording.read(index, samples / 2, part, 1, samples / 3);
        for (int i = 0; i < samples / 3; i++) {
            assertThat(part[1 + i]).isEqualTo(values[samples / 2 + i]);
        }
    }

    private static void assertValues(float[] values, int from, JsonNode expected) {
        for (int i = 0; i < expected.size(); i++) {
            // boxed, so that NaN equals NaN
            Float value = expected.get(i).isNull()
                    ? Float.NaN
                    : (float) expected.get(i).asDouble();
            assertThat(Float.valueOf(values[from + i])).isEqualTo(value);
        }
    }

    private static void assertAnnotations(List<Annotation> annotations, JsonNode expected) {
        assertThat(annotations).hasSize(expected.size());
        for (int i = 0; i < expected.size(); i++) {
            var each = expected.get(i);
            assertThat(annotations.get(i).onsetSeconds()).isCloseTo(each.get(0).asDouble(), within(1e-6));
            assertThat(annotations.get(i).text())
                    .isEqualTo(each.get(each.size() - 1).asText());
            if (each.size() == 3) {
                assertThat(annotations.get(i).durationSeconds())
                        .isEqualTo(each.get(1).asDouble());
            }
        }
    }

    /** Each window is a stretch of the whole signal as scipy resamples it. */
    @ParameterizedTest
    @ValueSource(strings = {"3Hz +5/-5 V 64", "0.2Hz Blk 1/0uV 64", "3Hz +5/-5 V 250"})
    void windowsAreResampledAsScipyDoes(String name) {
        int space = name.lastIndexOf(' ');
        double rate = Double.parseDouble(name.substring(space + 1));
        var expected = reference.get("resampled").get(name);
        // 40 samples each, one after the other
        var plan = new WindowPlan(40 / rate, 40 / rate, rate, List.of(name.substring(0, space)));
        try (var recording = open("test_uneven_samp.edf")) {
            var windows = Windows.of(recording, plan);
            assertThat(windows.count()).isEqualTo(expected.get("samples").asInt() / 40);
            assertWindow(recording, windows, 0, expected.get("start"));
            assertWindow(recording, windows, 25, expected.get("middle"));
            assertWindow(recording, windows, windows.count() - 1, expected.get("end"));
        }
    }

    private static void assertWindow(Recording recording, Windows windows, int window, JsonNode expected) {
        try (var arena = Arena.ofConfined()) {
            var into = arena.allocate(windows.sizeBytes());
            windows.read(recording, window, into);
            for (int i = 0; i < expected.size(); i++) {
                assertThat((double) into.getAtIndex(ValueLayout.JAVA_FLOAT, i))
                        .isCloseTo(expected.get(i).asDouble(), within(2e-6));
            }
        }
    }

    @Test
    void severalChannelsStandBesideEachOther() {
        try (var recording = open("test_uneven_samp.edf");
                var arena = Arena.ofConfined()) {
            var both = Windows.of(recording, new WindowPlan(10, 5, 64, List.of("0.2Hz Blk 1/0uV", "3Hz +5/-5 V")));
            var one = Windows.of(recording, new WindowPlan(10, 5, 64, List.of("3Hz +5/-5 V")));
            assertThat(both.count()).isEqualTo(21);
            assertThat(both.startSeconds(3)).isEqualTo(15);
            assertThat(both.sizeBytes()).isEqualTo(2 * 640 * 4);
            var all = arena.allocate(both.sizeBytes());
            var last = arena.allocate(one.sizeBytes());
            both.read(recording, 3, all);
            one.read(recording, 3, last);
            assertThat(all.asSlice(640 * 4).mismatch(last)).isEqualTo(-1);
        }
    }
}
