package fedbiomed.training.optimizer;

import fedbiomed.parameters.DType;
import fedbiomed.parameters.Parameters;
import fedbiomed.parameters.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** Tensors of a model's names and shapes that change, outside the heap. */
final class Vector {
    private record Place(DType dtype, long[] shape, MemorySegment data) {}

    private final SequencedMap<String, Place> places = new LinkedHashMap<>();

    private Vector() {}

    /** Of the dtypes in which gradients are shown. */
    static Vector zeros(Parameters shapes) {
        var vector = new Vector();
        shapes.tensors().forEach((name, tensor) -> vector.put(name, Gradient.dtypeOf(tensor.dtype()), tensor));
        return vector;
    }

    /** Of another dtype: F64 where much is summed. */
    static Vector zeros(Parameters shapes, DType dtype) {
        var vector = new Vector();
        shapes.tensors().forEach((name, tensor) -> vector.put(name, dtype, tensor));
        return vector;
    }

    static Vector copy(Parameters values) {
        var vector = new Vector();
        values.tensors().forEach((name, tensor) -> {
            vector.put(name, tensor.dtype(), tensor);
            vector.place(name).data.copyFrom(tensor.data());
        });
        return vector;
    }

    private void put(String name, DType dtype, Tensor like) {
        long bytes = like.elements() * dtype.bytes();
        places.put(
                name,
                new Place(
                        dtype,
                        like.shape(),
                        Arena.ofAuto().allocate(Math.max(1, bytes), Long.BYTES).asSlice(0, bytes)));
    }

    private Place place(String name) {
        return Objects.requireNonNull(places.get(name), name);
    }

    Operand read(String name) {
        var place = place(name);
        return new Operand(place.dtype, place.data, false);
    }

    Operand changed(String name) {
        var place = place(name);
        return new Operand(place.dtype, place.data, true);
    }

    /** {@code values} in {@code like}'s dtype; without values zeros. */
    static Tensor converted(@Nullable Tensor values, Tensor like, Elementwise elementwise) {
        if (values != null && values.dtype() == like.dtype()) {
            return values;
        }
        var vector = new Vector();
        vector.put("", like.dtype(), like);
        if (values != null) {
            elementwise.apply((x, n) -> System.arraycopy(x[1], 0, x[0], 0, n), vector.changed(""), Operand.of(values));
        }
        return vector.parameters().get("");
    }

    /** A view. */
    Parameters parameters() {
        var parameters = Parameters.builder();
        places.forEach((name, place) -> parameters.put(name, Tensor.of(place.dtype, place.shape, place.data)));
        return parameters.build();
    }
}
