import fedbiomed.training.linear.*;

/** Proportional hazards: how much age, the tumour's size and treatment change the risk of dying. */
public class SurvivalPlan extends CoxPlan {
    @Override
    public TrainingData data(DatasetView dataset) {
        return dataset.table()
                .inputs("age", "tumour_size", "treated")
                .standardise(GIVEN)
                .given("age", 65, 9)
                .given("tumour_size", 28, 14)
                .given("treated", 0.5, 0.5)
                .survival("months", "died");
    }
}
