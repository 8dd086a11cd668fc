package fedbiomed.data.transform;

/**
 * One sample in memory; who holds it may change the values.
 *
 * @param values float32 in C order, as many as the product of {@code shape}
 * @param shape channels first where there are any, e.g. {@code [channels, height, width]}
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record SampleValues(float[] values, int[] shape) {
    /** Size of the last axis but {@code back}. */
    int size(int back) {
        return shape[shape.length - 1 - back];
    }
}
