package fedbiomed.data.transform;

/** One step of what is done to a sample, in the order in which a plan names them. */
public sealed interface Transform permits Resize, Normalise, Scale, MinMax, Augmentation {
    /**
     * The shape of a sample afterwards.
     *
     * @throws IllegalArgumentException saying why samples of that shape cannot be transformed so, in words that go on from
     *     "the array 'image' "
     */
    int[] shape(int[] shape);

    /** @param draws {@code null} where nothing is drawn, since nothing is trained on the sample; it may be changed in place */
    SampleValues apply(SampleValues sample, @org.jspecify.annotations.Nullable Draws draws);
}
