package fedbiomed.parameters;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Weighted sums of binary32 elements in binary64, straight from mapped memory: what {@link Elements#addTo} gives, to the
 * bit, without a copy of the elements to an array. Needs the JVM to be started with {@code --add-modules
 * jdk.incubator.vector}.
 */
final class VectorSums {
    private static final VectorSpecies<Double> WIDE = DoubleVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Float> NARROW =
            VectorSpecies.of(float.class, VectorShape.forBitSize(WIDE.vectorBitSize() / 2));

    private VectorSums() {}

    private static DoubleVector weighted(MemorySegment elements, long at, double weight) {
        var read = FloatVector.fromMemorySegment(NARROW, elements, at, ByteOrder.LITTLE_ENDIAN);
        return ((DoubleVector) read.convertShape(VectorOperators.F2D, WIDE, 0)).mul(weight);
    }

    /** {@code sums[i] += weight * a[from + i]} */
    static void add(double[] sums, int n, long from, MemorySegment a, double weight) {
        long at = from * Float.BYTES;
        int end = WIDE.loopBound(n);
        for (int i = 0; i < end; i += WIDE.length()) {
            DoubleVector.fromArray(WIDE, sums, i)
                    .add(weighted(a, at + (long) i * Float.BYTES, weight))
                    .intoArray(sums, i);
        }
        for (int i = end; i < n; i++) {
            sums[i] += weight * a.get(Layouts.F32, at + (long) i * Float.BYTES);
        }
    }

    /** The same of four at once, one after another. */
    static void add(
            double[] sums,
            int n,
            long from,
            MemorySegment a,
            MemorySegment b,
            MemorySegment c,
            MemorySegment d,
            double ofA,
            double ofB,
            double ofC,
            double ofD) {
        long at = from * Float.BYTES;
        int end = WIDE.loopBound(n);
        for (int i = 0; i < end; i += WIDE.length()) {
            long place = at + (long) i * Float.BYTES;
            DoubleVector.fromArray(WIDE, sums, i)
                    .add(weighted(a, place, ofA))
                    .add(weighted(b, place, ofB))
                    .add(weighted(c, place, ofC))
                    .add(weighted(d, place, ofD))
                    .intoArray(sums, i);
        }
        for (int i = end; i < n; i++) {
            long place = at + (long) i * Float.BYTES;
            sums[i] = sums[i]
                    + ofA * a.get(Layouts.F32, place)
                    + ofB * b.get(Layouts.F32, place)
                    + ofC * c.get(Layouts.F32, place)
                    + ofD * d.get(Layouts.F32, place);
        }
    }
}
