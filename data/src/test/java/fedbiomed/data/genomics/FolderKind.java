package fedbiomed.data.genomics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.data.DatasetKinds;
import fedbiomed.data.Samples;
import fedbiomed.data.file.Fuzz;
import fedbiomed.data.file.Resources;
import fedbiomed.data.source.SampleSource;
import fedbiomed.data.source.StoredDataset;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;

/** A dataset's folder that a test fills, and what a kind makes of it. The patient whom no error may name is Meier. */
record FolderKind(String kind, Path folder) {
    void copy(String resource) throws IOException {
        var source = Resources.file("genomics/" + resource);
        Files.copy(source, folder.resolve(source.getFileName().toString()));
    }

    void put(String file, String text) throws IOException {
        Files.writeString(folder.resolve(file), text);
    }

    static byte[] gzip(byte[] bytes) {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return packed.toByteArray();
    }

    /** A compressed file of a head and so many of one character: a thousandth of its size. */
    static byte[] bomb(String head, char repeated, int times) {
        var packed = new ByteArrayOutputStream();
        var chunk = new byte[1 << 16];
        Arrays.fill(chunk, (byte) repeated);
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(latin1(head));
            for (int left = times; left > 0; left -= chunk.length) {
                gzip.write(chunk, 0, Math.min(left, chunk.length));
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return packed.toByteArray();
    }

    static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    StoredDataset stored(Map<String, String> settings) {
        return StoredDataset.of(kind, folder, settings);
    }

    SampleSource open(Map<String, String> settings) {
        return DatasetKinds.open(stored(settings));
    }

    static List<Double> numbers(SampleSource source, String column) {
        return IntStream.range(0, source.samples())
                .mapToObj(i -> Samples.read(source, column, i).doubleAt(0))
                .toList();
    }

    void refused(Map<String, String> settings, String... parts) {
        assertThatThrownBy(() -> DatasetKinds.describe(stored(settings)))
                .isInstanceOfSatisfying(FedbiomedException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.DATA_UNFIT);
                    assertThat(e.text()).hasSizeLessThan(900);
                })
                .message()
                .contains(parts)
                .doesNotContain(Fuzz.SECRET);
    }

    /** With a file that is written for this alone. */
    void refused(String file, byte[] bytes, Map<String, String> settings, String... parts) throws IOException {
        Files.write(folder.resolve(file), bytes);
        refused(settings, parts);
        Files.delete(folder.resolve(file));
    }
}
