package fedbiomed.training;

import fedbiomed.data.preprocessing.Imputation;
import fedbiomed.data.preprocessing.StatisticsSource;
import fedbiomed.data.transform.Augmentation;
import fedbiomed.data.transform.MinMax;
import fedbiomed.data.transform.Normalise;
import fedbiomed.data.transform.Resize;
import fedbiomed.data.transform.Scale;
import fedbiomed.data.transform.Transform;
import fedbiomed.training.TableInputs.Imputed;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a scientist writes: one public class in the default package of one source file. A plan extends one of the
 * families ({@code SgdClassifier}, {@code SgdRegressor}, {@code Perceptron}, {@code CoxPlan}, {@code TorchPlan}) and says which columns it learns from:
 *
 * <pre>{@code
 * import fedbiomed.training.linear.*;
 *
 * public class HeartPlan extends SgdClassifier {
 *     @Override
 *     public TrainingData data(DatasetView dataset) {
 *         return dataset.table().inputs("age", "chol").impute(MEAN).standardise().target("disease").classes("0", "1");
 *     }
 * }
 * }</pre>
 *
 * {@link DatasetView}, {@link TrainingData} and the constants are members of this class so that a plan inherits them:
 * one import is enough.
 */
public abstract class TrainingPlan {
    protected static final Imputation NONE = Imputation.NONE;
    protected static final Imputation MEAN = Imputation.MEAN;
    protected static final Imputation MEDIAN = Imputation.MEDIAN;
    protected static final Imputation MOST_FREQUENT = Imputation.MOST_FREQUENT;
    protected static final Imputation CONSTANT = Imputation.CONSTANT;
    protected static final StatisticsSource FEDERATED = StatisticsSource.FEDERATED;
    protected static final StatisticsSource LOCAL = StatisticsSource.LOCAL;
    protected static final StatisticsSource GIVEN = StatisticsSource.GIVEN;

    /**
     * Which columns are learnt from and how they are prepared. Called without any data, at the researcher's side as at
     * the node's, and must give the same each time.
     */
    public abstract TrainingData data(DatasetView dataset);

    /**
     * The model that this plan trains; the families say how, a plan does not override it.
     */
    protected abstract Engine engine(EngineSettings settings);

    /** Names of the files beside the plan that it needs; they go with it to every node. The families say, as for the engine. */
    protected List<String> attachments() {
        return List.of();
    }

    /** Whether the family can read datasets of arrays beside tables. */
    protected boolean readsArrays() {
        return false;
    }

    /** Left and right exchanged, with that probability; for {@link TrainingData#augment}, as the following. */
    protected static Augmentation flipHorizontal(double probability) {
        return new Augmentation.FlipHorizontal(probability);
    }

    /** Top and bottom exchanged, with that probability. */
    protected static Augmentation flipVertical(double probability) {
        return new Augmentation.FlipVertical(probability);
    }

    /** None to three quarters of a turn, each as probable; of square images. */
    protected static Augmentation rotate90() {
        return new Augmentation.QuarterTurns();
    }

    /** By whole pixels, up to that part of height and width either way; what comes in is 0. */
    protected static Augmentation shift(double part) {
        return new Augmentation.Shift(part);
    }

    /** Plus noise of the normal distribution. @param standardDeviation in the values' unit at this step */
    protected static Augmentation gaussianNoise(double standardDeviation) {
        return new Augmentation.GaussianNoise(standardDeviation);
    }

    /** All values of a sample times one factor from {@code 1 - spread} to {@code 1 + spread}. */
    protected static Augmentation brightness(double spread) {
        return new Augmentation.Brightness(spread);
    }

    /** What a plan sees of a dataset: its form, never a row. */
    public static final class DatasetView {
        private @Nullable SampleReader reader;

        DatasetView() {}

        /** The dataset as a table with named columns (kind {@code csv}). */
        public TrainingData table() {
            return new TrainingData(false);
        }

        /** The dataset as named arrays of any shape, samples first (images, volumes, signals and others). */
        public TrainingData tensors() {
            return new TrainingData(true);
        }

        /** The files of a dataset of kind {@code files} as named arrays, which a reader of the plan's own reads. */
        public TrainingData files(SampleReader reader) {
            this.reader = Objects.requireNonNull(reader, "reader");
            return tensors();
        }

        /** {@code null} where the plan brings none. */
        @Nullable
        SampleReader reader() {
            return reader;
        }
    }

    /** Records what a plan says of its data; nothing is read, and nothing is checked before the plan has returned. */
    public static final class TrainingData {
        private final DeclarationBuilder declaration;

        private TrainingData(boolean ofArrays) {
            declaration = new DeclarationBuilder(ofArrays);
        }

        /**
         * An array that the model reads; of several each by its own call. A plan that names the array's shape lets the
         * researcher try the model before anything is sent, and is told of a node whose array has another shape.
         *
         * @param shape of one sample, e.g. {@code 1, 28, 28}; none: not said
         */
        public TrainingData input(String array, long... shape) {
            declaration.arrays.input(array, shape);
            return this;
        }

        /** Columns, in this order the model's features: numbers, and those of which {@link #oneHot} declares the categories. */
        public TrainingData inputs(String... columns) {
            declaration.columns.inputs(columns);
            return this;
        }

        /**
         * An input holds categories, and becomes as many features, 1 for the row's category and 0 for the others; they are
         * not standardised. A value that is not declared is an error, and so is a missing one that is not imputed.
         *
         * @param categories as they are written in the table, in the features' order
         */
        public TrainingData oneHot(String column, String... categories) {
            declaration.columns.oneHot(column, categories, false);
            return this;
        }

        /** As {@link #oneHot}, with one more feature, the last, for every value that is not declared. */
        public TrainingData oneHotOrOther(String column, String... categories) {
            declaration.columns.oneHot(column, categories, true);
            return this;
        }

        /**
         * What stands in for a missing input value; without it a missing value is an error. {@code MEDIAN} and {@code
         * MOST_FREQUENT} are each node's own ({@code LOCAL}): they cannot be summed over nodes. Of a column of categories
         * only {@code MOST_FREQUENT} is meant.
         */
        public TrainingData impute(Imputation imputation) {
            declaration.columns.impute(new Imputed(imputation, Double.NaN, null, null));
            return this;
        }

        /** As {@link #impute(Imputation)}, with the statistics of all nodes, of each node alone, or {@link #given} ones. */
        public TrainingData impute(Imputation imputation, StatisticsSource source) {
            declaration.columns.impute(new Imputed(imputation, Double.NaN, null, source));
            return this;
        }

        /** {@code impute(CONSTANT, value)}: {@code value} in the column's own unit, before standardisation. */
        public TrainingData impute(Imputation imputation, double value) {
            declaration.columns.impute(new Imputed(imputation, value, null, null));
            return this;
        }

        /** As {@link #impute(Imputation)}, of one input; it goes before what is said of all. */
        public TrainingData impute(String column, Imputation imputation) {
            declaration.columns.impute(column, new Imputed(imputation, Double.NaN, null, null));
            return this;
        }

        /** As {@link #impute(Imputation, StatisticsSource)}, of one input. */
        public TrainingData impute(String column, Imputation imputation, StatisticsSource source) {
            declaration.columns.impute(column, new Imputed(imputation, Double.NaN, null, source));
            return this;
        }

        /** As {@link #impute(Imputation, double)}, of one input. */
        public TrainingData impute(String column, Imputation imputation, double value) {
            declaration.columns.impute(column, new Imputed(imputation, value, null, null));
            return this;
        }

        /** {@code impute("sex", CONSTANT, "unknown")}: the category of rows that have none. */
        public TrainingData impute(String column, Imputation imputation, String category) {
            declaration.columns.impute(column, new Imputed(imputation, Double.NaN, category, null));
            return this;
        }

        /** Each input of numbers minus its mean, by its standard deviation, over the training rows of all nodes together. */
        public TrainingData standardise() {
            return standardise(FEDERATED);
        }

        /** As {@link #standardise()} with the moments of all nodes, of each node alone, or {@link #given} ones. */
        public TrainingData standardise(StatisticsSource source) {
            declaration.columns.standardise(source);
            return this;
        }

        /**
         * A mean and standard deviation known beforehand, for {@code standardise(GIVEN)}; needed for every input.
         *
         * @param mean in the column's unit; also what {@code impute(MEAN)} puts in
         * @param standardDeviation in the column's unit, at least 0
         */
        public TrainingData given(String column, double mean, double standardDeviation) {
            declaration.columns.given(column, mean, standardDeviation);
            return this;
        }

        /**
         * The column, or array, to be predicted. Of arrays there may be several, or none (an auto-encoder); {@link
         * #classes} and {@link #regression} speak of the first.
         */
        public TrainingData target(String column) {
            declaration.target(column);
            return this;
        }

        /**
         * What is to be predicted is how long until an event: {@code time} at least 0 in any unit, {@code event} 1 (or
         * true) where it was seen, 0 (or false) where the patient was lost sight of before. Instead of {@link #target}.
         */
        public TrainingData survival(String time, String event) {
            declaration.survival(time, event);
            return this;
        }

        /** The target, an array with one number a sample, is a value: tested by the metrics of regression. */
        public TrainingData regression() {
            declaration.regression();
            return this;
        }

        /**
         * The target's classes as they are written in the table, in the model's order; without it: regression. Of an
         * array of whole numbers as they are printed: {@code classes("0", "1")}.
         */
        public TrainingData classes(String... names) {
            declaration.classes(names);
            return this;
        }

        /**
         * The target, an array in the shape of the image, is a mask: each element (pixel, voxel) holds the index of its
         * class in these names, from 0. Tested by {@code dice} and {@code iou}; the model's output is logits {@code [samples,
         * classes, ...]}, or {@code [samples, 1, ...]} for two classes (then of the second).
         */
        public TrainingData segmentation(String... names) {
            declaration.segmentation(names);
            return this;
        }

        /**
         * Rows (samples) with one value in that column, say one patient's, are all held out or all trained on; {@code
         * test_ratio} is then of the values. The column needs not be an input; no value in it is missing.
         */
        public TrainingData splitBy(String column) {
            declaration.splitBy(column);
            return this;
        }

        /** Of each of the target's classes its share is held out (of survival times: of those with and without event). */
        public TrainingData stratify() {
            declaration.stratify();
            return this;
        }

        /**
         * Scales the samples of an array to another size: bilinear, with antialiasing where they shrink; volumes trilinear,
         * without. A mask's elements become their nearest ones'.
         *
         * @param sizes height and width, the last two axes; of a volume depth, height and width
         */
        public TrainingData resize(String array, int... sizes) {
            return step(
                    array,
                    "resizes",
                    () -> List.of(new Resize(IntStream.of(sizes).boxed().toList(), false)));
        }

        /** Each value less {@code mean}, divided by {@code standardDeviation}, both in the values' unit at this step. */
        public TrainingData normalise(String array, double mean, double standardDeviation) {
            return normalise(array, new double[] {mean}, new double[] {standardDeviation});
        }

        /** As {@link #normalise(String, double, double)}, with one of each for each channel (the first axis). */
        public TrainingData normalise(String array, double[] means, double[] standardDeviations) {
            return step(array, "normalises", () -> List.of(new Normalise(boxed(means), boxed(standardDeviations))));
        }

        /** Each value times {@code factor}: {@code scale("image", 1 / 255.0)}. */
        public TrainingData scale(String array, double factor) {
            return step(array, "scales", () -> List.of(new Scale(factor)));
        }

        /** Each sample by its own smallest and largest value to 0 and 1. */
        public TrainingData minMax(String array) {
            return step(array, "scales", () -> List.of(new MinMax()));
        }

        /**
         * Changes drawn anew for each sample in each epoch of training, never where a model is tested or predicts. Where the
         * target is a {@link #segmentation}, the mask is flipped, turned and shifted with its image.
         */
        public TrainingData augment(String array, Augmentation... augmentations) {
            return step(array, "augments", () -> List.of(augmentations));
        }

        /** What is called first is done first; from the first step on values are F32. */
        private TrainingData step(String array, String verb, Supplier<List<? extends Transform>> made) {
            declaration.arrays.step(array, verb, made);
            return this;
        }

        private static List<Double> boxed(double[] values) {
            return DoubleStream.of(values).boxed().toList();
        }

        DataDeclaration declaration() {
            return declaration.build();
        }
    }
}
