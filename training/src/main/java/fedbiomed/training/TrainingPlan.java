package fedbiomed.training;

import fedbiomed.data.preprocessing.Imputation;
import fedbiomed.data.preprocessing.StatisticsSource;
import java.util.List;
import java.util.Objects;
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
        private final DataDeclaration.Builder declaration;

        private TrainingData(boolean ofArrays) {
            declaration = new DataDeclaration.Builder(ofArrays);
        }

        /**
         * An array that the model reads; of several each by its own call. A plan that names the array's shape lets the
         * researcher try the model before anything is sent, and is told of a node whose array has another shape.
         *
         * @param shape of one sample, e.g. {@code 1, 28, 28}; none: not said
         */
        public TrainingData input(String array, long... shape) {
            declaration.input(array, shape);
            return this;
        }

        /** Numeric columns, in this order the model's features. */
        public TrainingData inputs(String... columns) {
            declaration.inputs(columns);
            return this;
        }

        /**
         * What stands in for a missing input value; without it a missing value is an error. {@code MEDIAN} and {@code
         * MOST_FREQUENT} are each node's own ({@code LOCAL}): they cannot be summed over nodes.
         */
        public TrainingData impute(Imputation imputation) {
            declaration.impute(imputation, Double.NaN, null);
            return this;
        }

        /** As {@link #impute(Imputation)}, with the statistics of all nodes, of each node alone, or {@link #given} ones. */
        public TrainingData impute(Imputation imputation, StatisticsSource source) {
            declaration.impute(imputation, Double.NaN, source);
            return this;
        }

        /** {@code impute(CONSTANT, value)}: {@code value} in the column's own unit, before standardisation. */
        public TrainingData impute(Imputation imputation, double value) {
            declaration.impute(imputation, value, null);
            return this;
        }

        /** Each input minus its mean, by its standard deviation, over the training rows of all nodes together. */
        public TrainingData standardise() {
            return standardise(FEDERATED);
        }

        /** As {@link #standardise()} with the moments of all nodes, of each node alone, or {@link #given} ones. */
        public TrainingData standardise(StatisticsSource source) {
            declaration.standardise(source);
            return this;
        }

        /**
         * A mean and standard deviation known beforehand, for {@code standardise(GIVEN)}; needed for every input.
         *
         * @param mean in the column's unit; also what {@code impute(MEAN)} puts in
         * @param standardDeviation in the column's unit, at least 0
         */
        public TrainingData given(String column, double mean, double standardDeviation) {
            declaration.given(column, mean, standardDeviation);
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

        DataDeclaration declaration() {
            return declaration.build();
        }
    }
}
