package fedbiomed.training.metrics;

import fedbiomed.vocabulary.EvaluationSums;
import java.util.List;
import java.util.TreeMap;

/** Adds up the elements (pixels, voxels) of test images whose every element has a class. */
public final class SegmentationSums {
    private final List<String> classes;
    private final double[] intersection;
    private final double[] predicted;
    private final double[] truth;
    private long images;

    public SegmentationSums(List<String> classes) {
        this.classes = List.copyOf(classes);
        this.intersection = new double[classes.size()];
        this.predicted = new double[classes.size()];
        this.truth = new double[classes.size()];
    }

    /**
     * One image.
     *
     * @param trueClasses index of each element's class
     * @param predictedClasses of the same elements
     */
    public void add(int[] trueClasses, int[] predictedClasses) {
        if (trueClasses.length != predictedClasses.length) {
            throw new IllegalArgumentException(
                    "an image has " + trueClasses.length + " elements and " + predictedClasses.length + " predictions");
        }
        images++;
        for (int i = 0; i < trueClasses.length; i++) {
            truth[trueClasses[i]]++;
            predicted[predictedClasses[i]]++;
            if (trueClasses[i] == predictedClasses[i]) {
                intersection[trueClasses[i]]++;
            }
        }
    }

    public EvaluationSums sums() {
        var sums = new TreeMap<String, double[]>();
        sums.put(SumNames.INTERSECTION, intersection.clone());
        sums.put(SumNames.PREDICTED, predicted.clone());
        sums.put(SumNames.TRUTH, truth.clone());
        return new EvaluationSums(SumNames.SEGMENTATION, classes, images, sums);
    }
}
