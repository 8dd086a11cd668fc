package fedbiomed.parameters;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class SafetensorsProperties {
    @Property(tries = 300)
    void whateverIsWrittenIsReadBack(@ForAll("parameters") Parameters parameters) throws IOException {
        var file = Files.createTempFile("round-trip", ".safetensors");
        try {
            Safetensors.write(file, parameters);
            try (var read = Safetensors.open(file)) {
                assertThat(read.parameters()).isEqualTo(parameters);
                assertSameElements(read.parameters(), parameters);
            }
            assertWritingAgainGivesTheSameBytes(file);
        } finally {
            Files.delete(file);
        }
    }

    private static void assertSameElements(Parameters read, Parameters written) {
        written.tensors().forEach((name, tensor) -> {
            for (long i = 0; i < tensor.elements(); i++) {
                assertThat(Double.valueOf(read.get(name).doubleAt(i))).isEqualTo(Double.valueOf(tensor.doubleAt(i)));
            }
        });
    }

    private static void assertWritingAgainGivesTheSameBytes(Path file) throws IOException {
        var bytes = Files.readAllBytes(file);
        try (var read = Safetensors.open(file)) {
            Safetensors.write(file, read.parameters());
        }
        assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
    }

    @Provide
    Arbitrary<Parameters> parameters() {
        var names = Arbitraries.strings().ofMaxLength(20).filter(s -> isText(s) && !s.equals(Parameters.RESERVED_NAME));
        Arbitrary<Map<String, Tensor>> tensors =
                Arbitraries.maps(names, tensors()).ofMaxSize(6);
        Arbitrary<Map<String, String>> metadata = Arbitraries.maps(names, names).ofMaxSize(4);
        return Combinators.combine(tensors, metadata).as((named, meta) -> {
            var builder = Parameters.builder();
            named.forEach(builder::put);
            meta.forEach(builder::metadata);
            return builder.build();
        });
    }

    private static boolean isText(String s) {
        return java.nio.charset.StandardCharsets.UTF_8.newEncoder().canEncode(s);
    }

    private static Arbitrary<Tensor> tensors() {
        Arbitrary<List<Long>> shapes = Arbitraries.longs().between(0, 4).list().ofMaxSize(4);
        return Combinators.combine(Arbitraries.of(DType.class), shapes, Arbitraries.randoms())
                .as((dtype, dimensions, random) -> {
                    var shape = dimensions.stream().mapToLong(Long::longValue).toArray();
                    var bytes = new byte[(int) Tensor.elements(shape) * dtype.bytes()];
                    random.nextBytes(bytes);
                    return Tensor.of(dtype, shape, MemorySegment.ofArray(bytes));
                });
    }
}
