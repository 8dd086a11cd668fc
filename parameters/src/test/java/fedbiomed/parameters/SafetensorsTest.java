package fedbiomed.parameters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {
    @TempDir
    Path folder;

    private static byte[] file(byte[] header, int dataBytes) {
        return ByteBuffer.allocate(8 + header.length + dataBytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .array();
    }

    private static byte[] file(String header, int dataBytes) {
        return file(header.getBytes(StandardCharsets.UTF_8), dataBytes);
    }

    private FedbiomedException refused(byte[] bytes) throws IOException {
        var file = Files.write(folder.resolve("model.safetensors"), bytes);
        FedbiomedException[] caught = new FedbiomedException[1];
        assertThatExceptionOfType(FedbiomedException.class)
                .isThrownBy(() -> Safetensors.open(file).close())
                .satisfies(e -> caught[0] = e);
        assertThat(caught[0].code()).isEqualTo(ErrorCode.BAD_MESSAGE);
        assertThat(caught[0].text())
                .startsWith("model.safetensors is not a safetensors file")
                .endsWith("again");
        return caught[0];
    }

    @Test
    void everyDtypeComesBackAsItWasWritten() {
        var builder = Parameters.builder().metadata("b", "2").metadata("a", "é\n\"");
        for (var dtype : DType.values()) {
            var bytes = new byte[6 * dtype.bytes()];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) (i * 37 + dtype.name().hashCode());
            }
            builder.put("layer." + dtype, Tensor.of(dtype, new long[] {2, 3}, MemorySegment.ofArray(bytes)));
        }
        var written = builder.put("scalar", Tensor.ofFloats(new float[] {1.5f}))
                .put("none", Tensor.ofDoubles(new double[0], 0, 4))
                .build();
        var file = folder.resolve("all.safetensors");

        Safetensors.write(file, written);

        try (var read = Safetensors.open(file)) {
            assertThat(read.parameters()).isEqualTo(written);
            assertThat(read.parameters().names()).containsExactlyElementsOf(written.names());
        }
    }

    @Test
    void theSameParametersGiveTheSameBytesAndNoOtherFile() throws IOException {
        var parameters = Parameters.builder()
                .metadata("z", "1")
                .metadata("a", "2")
                .put("w", Tensor.ofFloats(new float[] {1, 2, 3}, 3))
                .build();

        Safetensors.write(folder.resolve("one"), parameters);
        Safetensors.write(folder.resolve("two"), parameters);
        Safetensors.write(folder.resolve("two"), parameters);

        var bytes = Files.readAllBytes(folder.resolve("one"));
        assertThat(Files.readAllBytes(folder.resolve("two"))).isEqualTo(bytes);
        assertThat(new String(bytes, 8, bytes.length - 8 - 12, StandardCharsets.UTF_8).strip())
                .isEqualTo("{\"__metadata__\":{\"a\":\"2\",\"z\":\"1\"},"
                        + "\"w\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]}}");
        assertThat((bytes.length - 12) % 8).isZero();
        try (var files = Files.list(folder)) {
            assertThat(files.map(f -> f.getFileName().toString())).containsExactlyInAnyOrder("one", "two");
        }
    }

    @Test
    void emptyParametersAreAFile() {
        var file = folder.resolve("empty");
        Safetensors.write(file, Parameters.builder().build());
        try (var read = Safetensors.open(file)) {
            assertThat(read.parameters().tensors()).isEmpty();
            assertThat(read.parameters().metadata()).isEmpty();
        }
    }

    @Test
    void aMissingFileAFolderAndAMissingFolderSaySo() {
        assertThatThrownBy(() -> Safetensors.open(folder.resolve("gone")))
                .isInstanceOf(FedbiomedException.class)
                .hasMessage("cannot read parameters from gone: there is no such file");
        assertThatThrownBy(() -> Safetensors.open(folder)).hasMessageContaining("it is a folder");
        assertThatThrownBy(() -> Safetensors.write(
                        folder.resolve("no/where"), Parameters.builder().build()))
                .isInstanceOf(FedbiomedException.class)
                .hasMessageContaining("check that its folder exists");
    }

    @Test
    void aTruncatedFileIsRefused() throws IOException {
        assertThat(refused(new byte[0])).hasMessageContaining("it has 0 bytes, too few");
        assertThat(refused(new byte[7])).hasMessageContaining("it has 7 bytes, too few");
        var whole = file("{\"w\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]}}", 4);
        assertThat(refused(java.util.Arrays.copyOf(whole, 20))).hasMessageContaining("it is cut short");
        assertThat(refused(java.util.Arrays.copyOf(whole, whole.length - 1)))
                .hasMessageContaining("take 4 bytes, but 3 follow");
        assertThat(refused(java.util.Arrays.copyOf(whole, whole.length + 1)))
                .hasMessageContaining("take 4 bytes, but 5 follow");
    }

    @Test
    void aHugeOrNegativeHeaderLengthIsRefusedUnread() throws IOException {
        for (long length : new long[] {Long.MAX_VALUE, -1, Long.MIN_VALUE, Header.MAX_BYTES + 1L, 1L << 32}) {
            var bytes = ByteBuffer.allocate(64)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(length)
                    .array();
            assertThat(refused(bytes)).hasMessageContaining("its header would have " + Long.toUnsignedString(length));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            [1]                                                                       | does not begin with '{'
            {                                                                         | not the JSON of the format
            {"w":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}} x                   | not the JSON of the format
            {"w":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}} {}                  | something follows its JSON
            {"w":1}                                                                   | tensor 'w' should be an object
            {"w":{"dtype":"U8","shape":[1]}}                                          | lacks one of dtype, shape
            {"w":{"dtype":"U8","shape":[1],"data_offsets":[0]}}                       | lacks one of dtype, shape
            {"w":{"dtype":"U8","shape":[1],"data_offsets":[0,1,2]}}                   | more than 2 numbers in data_offsets
            {"w":{"dtype":"U9","shape":[1],"data_offsets":[0,1]}}                     | has the dtype 'U9'; known are [F64
            {"w":{"dtype":8,"shape":[1],"data_offsets":[0,1]}}                        | the dtype of 'w' should be a text
            {"w":{"dtype":"U8","shape":1,"data_offsets":[0,1]}}                       | shape of 'w' should be a list
            {"w":{"dtype":"U8","shape":[1.0],"data_offsets":[0,1]}}                   | shape of 'w' should be a whole number
            {"w":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}}                    | negative dimension
            {"w":{"dtype":"U8","shape":[99999999999999999999],"data_offsets":[0,1]}}  | not the JSON of the format
            {"w":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,1]}} | over 2^63
            {"w":{"dtype":"U8","shape":[3037000500,3037000500],"data_offsets":[0,1]}} | over 2^63
            {"w":{"dtype":"F64","shape":[2305843009213693952],"data_offsets":[0,1]}}  | span 1 bytes
            {"w":{"dtype":"U8","shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[0,1]}}     | more than 8 numbers in shape
            {"w":{"dtype":"U8","shape":[1],"data_offsets":[-1,0]}}                    | data_offsets [-1, 0]
            {"w":{"dtype":"U8","shape":[1],"data_offsets":[1,0]}}                     | data_offsets [1, 0]
            {"w":{"dtype":"U8","shape":[1],"data_offsets":[0,9223372036854775807]}}   | span 9223372036854775807 bytes
            {"w":{"dtype":"U8","shape":[1],"data_offsets":[-9223372036854775808,1]}}  | has data_offsets [-9
            {"w":{"dtype":"F32","shape":[1],"data_offsets":[0,1]}}                    | span 1 bytes
            {"w":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}                     | leaves a hole before it
            {"w":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"more":1}}            | a field that the format lacks, 'more'
            {"w":{"dtype":"U8","dtype":"U8","shape":[1],"data_offsets":[0,1]}}        | Duplicate field 'dtype'
            {"__metadata__":{"a":1}}                                                  | a value of __metadata__ should be a text
            {"__metadata__":{"a":{}}}                                                 | a value of __metadata__ should be a text
            {"__metadata__":[]}                                                       | __metadata__ should be an object
            {"__metadata__":{"a":"1","a":"2"}}                                        | Duplicate field 'a'
            {"\\ud800":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}               | not the JSON of the format
            {"w":{"dtype":"U8","shape":[[1]],"data_offsets":[0,1]}}                   | not the JSON of the format
            """)
    void aHeaderThatIsWrongIsRefusedWithAReason(String header, String reason) throws IOException {
        assertThat(refused(file(header, 1))).hasMessageContaining(reason);
    }

    @Test
    void twoTensorsOfOneNameAndTwoInOnePlaceAreRefused() throws IOException {
        assertThat(refused(file(
                        "{\"w\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},"
                                + "\"w\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,2]}}",
                        2)))
                .hasMessageContaining("Duplicate field 'w'");
        assertThat(refused(file(
                        "{\"v\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]},"
                                + "\"w\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,2]}}",
                        2)))
                .hasMessageContaining("'w' overlaps another");
    }

    @Test
    void aHeaderThatIsNotUtf8IsRefused() throws IOException {
        var header = "{\"__metadata__\":{\"a\":\"?\"}}".getBytes(StandardCharsets.UTF_8);
        header[header.length - 4] = (byte) 0xE9;
        assertThat(refused(file(header, 0))).hasMessageContaining("its header is not UTF-8");
    }

    @Test
    void aNameFromOutsideIsShownWithoutControlCharactersAndCut() throws IOException {
        assertThat(refused(file("{\"\\u001b[31m\":1}", 0))).hasMessageContaining("tensor '?[31m'");
        assertThat(refused(file("{\"" + "x".repeat(900) + "\":1}", 0)).text()).hasSizeLessThan(400);
    }

    @Test
    void tooManyTensorsAreRefusedByReaderAndWriter() throws IOException {
        var json = new StringBuilder("{");
        var builder = Parameters.builder();
        var none = Tensor.ofFloats(new float[0], 0);
        for (int i = 0; i <= Header.MAX_TENSORS; i++) {
            json.append(i == 0 ? "" : ",")
                    .append("\"")
                    .append(i)
                    .append("\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}");
            builder.put("" + i, none);
        }
        assertThat(refused(file(json.append("}").toString(), 0))).hasMessageContaining("more than 100000 tensors");
        assertThatThrownBy(() -> Safetensors.write(folder.resolve("many"), builder.build()))
                .isInstanceOf(FedbiomedException.class)
                .hasMessageContaining("at most 100000 tensors");
    }

    @Test
    void metadataLargerThanAHeaderMayBeIsRefusedByTheWriter() {
        var parameters =
                Parameters.builder().metadata("a", "x".repeat(Header.MAX_BYTES)).build();
        assertThatThrownBy(() -> Safetensors.write(folder.resolve("large"), parameters))
                .isInstanceOf(FedbiomedException.class)
                .hasMessageContaining("shorten the metadata");
    }

    @Test
    void tensorsInAnotherOrderThanTheirDataKeepTheHeadersOrder() throws IOException {
        var bytes = file(
                "{\"b\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,2]},"
                        + "\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}   ",
                2);
        bytes[bytes.length - 1] = 7;
        try (var read = Safetensors.open(Files.write(folder.resolve("order"), bytes))) {
            assertThat(read.parameters().names()).containsExactly("b", "a");
            assertThat(read.parameters().get("b").doubleAt(0)).isEqualTo(7);
        }
    }

    @Test
    void aFileOfOverTwoGigabytesIsReadAtItsEnd() throws IOException {
        long bytes = 3L << 30;
        var header = "{\"w\":{\"dtype\":\"U8\",\"shape\":[" + bytes + "],\"data_offsets\":[0," + bytes + "]}}";
        var file = folder.resolve("huge");
        try (var sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.write(file(header, 0));
            sparse.setLength(8 + header.length() + bytes);
            sparse.seek(8 + header.length() + bytes - 1);
            sparse.write(9);
        }
        try (var read = Safetensors.open(file)) {
            var w = read.parameters().get("w");
            assertThat(w.doubleAt(bytes - 1)).isEqualTo(9);
            assertThat(w.doubleAt(bytes - 2)).isZero();
            assertThatThrownBy(w::toDoubles).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void afterCloseTheTensorsAreGoneAndASecondCloseDoesNothing() {
        var file = folder.resolve("closed");
        Safetensors.write(
                file,
                Parameters.builder()
                        .put("w", Tensor.ofFloats(new float[] {1}, 1))
                        .build());
        var read = Safetensors.open(file);
        var w = read.parameters().get("w");
        read.close();
        read.close();
        assertThatThrownBy(() -> w.doubleAt(0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void metadataIsReplacedAsAWhole() {
        var before = Parameters.builder()
                .metadata("a", "1")
                .put("w", Tensor.ofFloats(new float[] {1}, 1))
                .build();
        var after = before.withMetadata(Map.of("b", "2"));
        assertThat(after.metadata()).isEqualTo(Map.of("b", "2"));
        assertThat(after.tensors()).isEqualTo(before.tensors());
        assertThat(before.metadata()).isEqualTo(Map.of("a", "1"));
    }
}
