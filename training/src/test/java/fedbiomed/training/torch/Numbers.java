package fedbiomed.training.torch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import fedbiomed.parameters.Parameters;
import fedbiomed.parameters.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** The inputs and weights of {@code torch_reference.py}, and the comparison with what it wrote. */
final class Numbers {
    /** Between releases of PyTorch the order of additions differs; numbers are of size 1 in binary32. */
    private static final double TOLERANCE = 5e-6;

    private Numbers() {}

    /** From -1 to 1 in steps of 0.02. */
    static TorchTensor filled(int number, long... shape) {
        return new TorchTensor(raw(ours(number, shape)));
    }

    private static org.bytedeco.pytorch.Tensor raw(Tensor tensor) {
        return NativeTensors.borrowed(Parameters.builder().put("x", tensor).build())
                .values()
                .iterator()
                .next()
                .clone();
    }

    private static Tensor ours(int number, long... shape) {
        int elements = (int) count(shape);
        var values = new float[elements];
        for (int j = 0; j < elements; j++) {
            values[j] = (float) ((step(j, number) - 50) / 50.0);
        }
        return Tensor.ofFloats(values, shape);
    }

    /** I64, from 0 to {@code below - 1}. */
    static TorchTensor whole(int below, int number, long... shape) {
        var values = IntStream.range(0, (int) count(shape))
                .mapToDouble(j -> step(j, number) % below)
                .toArray();
        return new TorchTensor(raw(Tensor.ofDoubles(values, shape))).toLong();
    }

    private static int step(int j, int number) {
        return (j * 37 + number * 11 + 5) % 101;
    }

    private static long count(long... shape) {
        long count = 1;
        for (long size : shape) {
            count *= size;
        }
        return count;
    }

    /** By the order of their names. */
    static void fillParameters(TorchModule module) {
        var all = NativeTensors.parameters(module);
        var parameters = Parameters.builder();
        var order = new TreeMap<>(all).keySet().stream().toList();
        all.forEach((name, tensor) -> parameters.put(name, ours(order.indexOf(name), new TorchTensor(tensor).shape())));
        NativeTensors.load(all, parameters.build());
    }

    static void assertAlike(String what, TorchTensor tensor, JsonNode expected) {
        var held = new LinkedHashMap<String, org.bytedeco.pytorch.Tensor>();
        held.put(what, tensor.raw.detach().contiguous());
        assertAlike(what, NativeTensors.view(held).get(what).toDoubles(), expected);
    }

    /** All parameters and buffers, by name. */
    static void assertAlike(TorchModule module, JsonNode expected) {
        var own = NativeTensors.of(module);
        assertThat(own.keySet()).containsExactlyInAnyOrderElementsOf(expected::fieldNames);
        own.forEach((name, tensor) -> assertAlike(name, new TorchTensor(tensor), expected.path(name)));
    }

    static void assertAlike(String what, double[] values, JsonNode expected) {
        assertThat(values).as(what).hasSize(expected.size());
        for (int i = 0; i < values.length; i++) {
            double value = expected.get(i).asDouble();
            assertThat(Math.abs(values[i] - value))
                    .as("%s, number %d: %s, by PyTorch %s", what, i, values[i], value)
                    .isLessThanOrEqualTo(TOLERANCE * Math.max(1, Math.abs(value)));
        }
    }

    static Map<String, JsonNode> cases(JsonNode group) {
        var cases = new LinkedHashMap<String, JsonNode>();
        group.properties().forEach(entry -> cases.put(entry.getKey(), entry.getValue()));
        return cases;
    }
}
