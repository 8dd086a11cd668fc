package fedbiomed.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.data.Split;
import fedbiomed.training.worker.WorkerJob;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.TrainingArgs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a plan says of which rows are held out, and what a node's minimum_samples makes of it. */
class PatientSplitTest {
    private static final int ROWS = 120;
    /** Each of four rows. */
    private static final int PATIENTS = 30;

    private static final String BY_PATIENT =
            Fixture.CLASSIFIER.replace(".standardise()", ".standardise().splitBy(\"id\")");

    @TempDir
    Path folder;

    private static String patient(int row) {
        return "P" + row * 7 % PATIENTS;
    }

    private static boolean isSick(int row) {
        return row * 7 % PATIENTS < PATIENTS / 5;
    }

    /** @param group of each row */
    private Fixture fixture(String plan, List<String> group) throws IOException {
        var random = new SplittableRandom(3);
        var csv = new StringBuilder("id,a,b,sick,months\n");
        for (int row = 0; row < group.size(); row++) {
            csv.append("%s,%.3f,%.3f,%s,%d%n"
                    .formatted(
                            group.get(row),
                            random.nextDouble() + (isSick(row) ? 1 : 0),
                            random.nextDouble(),
                            isSick(row) ? "yes" : "no",
                            1 + random.nextInt(90)));
        }
        return Fixture.of(folder, plan, csv.toString());
    }

    private static List<String> patients() {
        return IntStream.range(0, ROWS).mapToObj(PatientSplitTest::patient).toList();
    }

    private static TrainingArgs.Builder args() {
        return TrainingArgs.builder().testRatio(0.25).testOnGlobalUpdates(true).randomSeed(7);
    }

    private static WorkerJob in(WorkerJob job, int round, int minimum) {
        return new WorkerJob(
                job.task(),
                job.plan(),
                job.modelArgs(),
                job.trainingArgs(),
                job.participant(),
                round,
                job.data(),
                job.parameters(),
                job.output(),
                job.preprocessing(),
                minimum);
    }

    private Split split(Fixture fixture, TrainingArgs args, int round) {
        try (var plan = fixture.compiled()) {
            return plan.split(in(fixture.job(WorkerJob.Task.TRAIN, args, null), round, 0));
        }
    }

    @Test
    void noPatientIsOnBothSidesAndTheSameAreHeldOutInEveryRound() throws IOException {
        var fixture = fixture(BY_PATIENT, patients());
        var split = split(fixture, args().build(), 1);
        var held =
                IntStream.of(split.test()).mapToObj(PatientSplitTest::patient).collect(Collectors.toSet());
        assertThat(held).hasSize(8); // of 30, by a quarter
        assertThat(split.test()).hasSize(32);
        assertThat(IntStream.of(split.train()).mapToObj(PatientSplitTest::patient))
                .doesNotContainAnyElementsOf(held);
        assertThat(split(fixture, args().build(), 2).test()).containsExactly(split.test());

        var shuffled = args().shuffleTestingDataset(true).build();
        assertThat(split(fixture, shuffled, 1).test())
                .isNotEqualTo(split(fixture, shuffled, 2).test());
        assertThat(split(fixture, shuffled, 2).test())
                .containsExactly(split(fixture, shuffled, 2).test());
    }

    @Test
    void statisticsAndTrainingAreOfThePatientsThatAreNotHeldOut() throws IOException {
        var fixture = fixture(BY_PATIENT, patients());
        try (var plan = fixture.compiled()) {
            var job = fixture.trainJob(plan, args().build());
            var done = plan.run(job, _ -> {});
            assertThat(done.samples()).isEqualTo(ROWS - 32);
            assertThat(done.globalTest())
                    .isNotNull()
                    .satisfies(test -> assertThat(test.count()).isEqualTo(32));
            assertThat(job.preprocessing())
                    .isNotNull()
                    .satisfies(statistics -> assertThat(statistics.columns())
                            .allSatisfy(
                                    (_, moments) -> assertThat(moments.count()).isEqualTo(ROWS - 32)));
        }
    }

    @Test
    void ofEachClassItsShareIsHeldOutOfRowsAndOfPatients() throws IOException {
        var rows = fixture(Fixture.CLASSIFIER.replace(".standardise()", ".stratify()"), patients());
        assertThat(sick(split(rows, args().build(), 1))).isEqualTo(24 / 4);
        // 6 of 30 patients are sick, 8 are held out: 1.5 and 6 of each, and one for the larger remainder
        var ofPatients = fixture(BY_PATIENT.replace(".splitBy", ".stratify().splitBy"), patients());
        assertThat(sick(split(ofPatients, args().build(), 1))).isEqualTo(2 * 4);
    }

    private static long sick(Split split) {
        return IntStream.of(split.test()).filter(PatientSplitTest::isSick).count();
    }

    @Test
    void aRowWithoutAPatientIsCounted() throws IOException {
        var patients = new ArrayList<>(patients());
        patients.set(5, "");
        patients.set(50, "");
        var fixture = fixture(BY_PATIENT, patients);
        assertThatThrownBy(() -> split(fixture, args().build(), 1))
                .isInstanceOfSatisfying(
                        FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_UNFIT))
                .hasMessageContaining("column 'id', by which the plan splits: 2 of 120 rows have no value");
    }

    @Test
    void tooFewPatientsToHoldOneOutAreTold() throws IOException {
        var fixture =
                fixture(BY_PATIENT, IntStream.range(0, ROWS).mapToObj(_ -> "P1").toList());
        try (var plan = fixture.compiled()) {
            var job = fixture.job(WorkerJob.Task.EVALUATE, args().build(), null);
            assertThatThrownBy(() -> plan.run(job, _ -> {}))
                    .hasMessageContaining("of the values of 'id' no row is held out");
        }
    }

    private void refused(
            String plan, List<String> groups, TrainingArgs args, List<WorkerJob.Task> tasks, String expected)
            throws IOException {
        var fixture = fixture(plan, groups);
        var scalars = new ArrayList<Object>();
        try (var compiled = fixture.compiled()) {
            for (var task : tasks) {
                var job = in(fixture.job(task, args, null), 1, 10);
                assertThatThrownBy(() -> compiled.run(job, scalars::add))
                        .isInstanceOfSatisfying(FedbiomedException.class, e -> {
                            assertThat(e.code()).isEqualTo(ErrorCode.POLICY);
                            assertThat(e.rule()).isEqualTo("minimum_samples");
                        })
                        .hasMessageContaining(expected)
                        .hasMessageContaining("than the 10 rows that node 'hospital-a' asks for (minimum_samples); ");
            }
            assertThat(scalars).isEmpty();
        }
    }

    @Test
    void aColumnThatIsolatesARowOrAPatientIsRefusedWhateverIsAsked() throws IOException {
        // half of the rows by number, but of two groups: one row, and all others
        var one =
                IntStream.range(0, ROWS).mapToObj(row -> row == 42 ? "x" : "y").toList();
        // a patient with rows enough
        var many =
                IntStream.range(0, ROWS).mapToObj(row -> row < 40 ? "x" : "y").toList();
        for (var groups : List.of(one, many)) {
            refused(
                    BY_PATIENT,
                    groups,
                    args().testRatio(0.5).build(),
                    List.of(WorkerJob.Task.values()),
                    "the values of 'id'");
        }
        // few patients trained on, many held out
        refused(
                BY_PATIENT,
                patients(),
                args().testRatio(0.8).build(),
                List.of(WorkerJob.Task.STATISTICS),
                "that are trained on");
        // held out though nothing is tested: what all sum up to less what the rest does
        refused(
                BY_PATIENT,
                patients(),
                args().testOnGlobalUpdates(false).build(),
                List.of(WorkerJob.Task.STATISTICS),
                "that are held out");
    }

    @Test
    void enoughPatientsOnBothSidesAreServed() throws IOException {
        var fixture = fixture(BY_PATIENT, patients());
        try (var plan = fixture.compiled()) {
            var args = args().testRatio(0.4).build();
            var done = plan.run(in(fixture.trainJob(plan, args), 1, 10), _ -> {});
            assertThat(done.samples()).isEqualTo(ROWS - 12 * 4);
        }
    }

    @Test
    void aSmallStratifiedHeldOutSetAndATrainingThatSeesFewRowsAreRefusedHereToo() throws IOException {
        var stratified = Fixture.CLASSIFIER.replace(".standardise()", ".stratify()");
        refused(
                stratified,
                patients(),
                args().testRatio(0.05).build(),
                List.of(WorkerJob.Task.EVALUATE),
                "rows that are held out");
        refused(
                stratified,
                patients(),
                args().batchSize(4).dryRun(true).build(),
                List.of(WorkerJob.Task.TRAIN),
                "so few updates");
    }
}
