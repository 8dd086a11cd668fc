import fedbiomed.training.linear.*;

/** Logistic regression: is a tumour malignant, from thirty measures of its cells' nuclei? */
public class BreastCancerPlan extends SgdClassifier {
    private static final String[] MEASURES = {
        "mean_radius", "mean_texture", "mean_perimeter", "mean_area", "mean_smoothness",
        "mean_compactness", "mean_concavity", "mean_concave_points", "mean_symmetry", "mean_fractal_dimension",
        "se_radius", "se_texture", "se_perimeter", "se_area", "se_smoothness",
        "se_compactness", "se_concavity", "se_concave_points", "se_symmetry", "se_fractal_dimension",
        "worst_radius", "worst_texture", "worst_perimeter", "worst_area", "worst_smoothness",
        "worst_compactness", "worst_concavity", "worst_concave_points", "worst_symmetry", "worst_fractal_dimension"
    };

    @Override
    public TrainingData data(DatasetView dataset) {
        return dataset.table().inputs(MEASURES).standardise().target("diagnosis").classes("benign", "malignant");
    }
}
