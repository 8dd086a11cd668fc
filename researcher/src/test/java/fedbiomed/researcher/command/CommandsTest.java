package fedbiomed.researcher.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import fedbiomed.protocol.command.FedbiomedCommandLine;
import fedbiomed.researcher.TestNode;
import fedbiomed.researcher.TestWorld;
import fedbiomed.training.plan.PlanSource;
import fedbiomed.vocabulary.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandsTest {
    @TempDir
    private Path folder;

    private TestWorld world;
    private TestNode a;
    private TestNode b;
    private Path experiment;

    @BeforeEach
    void twoHospitals() throws IOException, InterruptedException {
        world = new TestWorld(folder);
        a = world.node("hospital-a", 80);
        b = world.node("hospital-b", 120);
        experiment = Files.writeString(folder.resolve("experiment.yaml"), """
                tags: [sick]
                plan: SickPlan.java
                model_args: {loss: log_loss, learning_rate: constant, eta0: 0.5}
                training_args: {epochs: 2, loader_args: {batch_size: 16}, test_ratio: 0.25, test_on_global_updates: true}
                rounds: 3
                seed: 7
                """);
    }

    @AfterEach
    void end() {
        world.close();
    }

    private record Ended(int code, String out, String err) {}

    private static Ended execute(Object command, Object... args) {
        var out = new StringWriter();
        var err = new StringWriter();
        int code = FedbiomedCommandLine.of(command)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(java.util.Arrays.stream(args).map(Object::toString).toArray(String[]::new));
        return new Ended(code, out.toString(), err.toString());
    }

    private Ended run(Object... args) {
        var all = new ArrayList<Object>(List.of("--home", world.home()));
        all.addAll(List.of(args));
        return execute(new RunCommand(), all.toArray());
    }

    private static String lastLine(String text) {
        return text.strip().lines().toList().getLast();
    }

    @Test
    void anExperimentIsRunAndItsModelPredicts() throws IOException {
        var ran = run(experiment, "--folder", folder.resolve("run"), "--json");
        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(ran.out()).contains("Round 3 of 3: 2 of 2 answered", "all together", "log loss");
        var result = Json.MAPPER.readTree(lastLine(ran.out()));
        assertThat(result.path("rounds").asInt()).isEqualTo(3);
        assertThat(result.path("test_on_global_updates").path("accuracy").asDouble())
                .isGreaterThan(0.8);

        assertThat(Files.readString(folder.resolve("run/report.html")))
                .contains(
                        "3 of 3 rounds trained on 2 datasets of 2 nodes with 200 rows together",
                        "<th>node</th><th>dataset</th>",
                        "hospital-b/sick",
                        "rounds/0003/global.safetensors",
                        PlanSource.read(world.plan).id().value(),
                        "Fed-BioMed for Java",
                        "ROC AUC");

        var csv = Files.writeString(folder.resolve("new.csv"), "a,b\n119,6.9\n101,5.1\n");
        var predicted = execute(new PredictCommand(), "--model", folder.resolve("run"), "--data", csv);
        assertThat(predicted.code()).as(predicted.err()).isZero();
        assertThat(predicted.out().lines()).element(0).isEqualTo("prediction,probability_no,probability_yes");
        assertThat(predicted.out().lines().skip(1).map(line -> line.split(",")[0]))
                .containsExactly("yes", "no");

        var model = folder.resolve("copy.safetensors");
        Files.copy(Path.of(result.path("model").asText()), model);
        var target = folder.resolve("out/predictions.csv");
        var filed =
                execute(new PredictCommand(), "--model", model, "--plan", world.plan, "--data", csv, "--out", target);
        assertThat(filed.code()).as(filed.err()).isZero();
        assertThat(target).hasContent(predicted.out());
        assertThat(execute(new PredictCommand(), "--model", model, "--data", csv)
                        .err())
                .contains("give its Java source file with --plan");
        var other = Files.writeString(folder.resolve("Other.java"), TestWorld.PLAN + "// changed\n");
        assertThat(execute(new PredictCommand(), "--model", model, "--plan", other, "--data", csv)
                        .err())
                .contains("the model was trained with the plan SickPlan");
    }

    @Test
    void aRoundWithoutItsQuorumEndsWith3AndIsResumedWithALowerOne() {
        a.script = TestNode.Script.ERROR;
        var failed = run(experiment, "--folder", folder.resolve("run"));
        assertThat(failed.code()).isEqualTo(3);
        assertThat(failed.err())
                .contains("round 1 failed", "hospital-a/sick: failed (PLAN_FAILED)", "--resume", "--quorum 1")
                .doesNotContain("\tat ");
        var resumed = run("--resume", folder.resolve("run"), "--quorum", "1");
        assertThat(resumed.code()).as(resumed.err()).isZero();
        assertThat(b.trainings).hasValue(3);
    }

    @Test
    void aRunThatIsKilledGoesOnWhereItStood() throws Exception {
        var whole = run(experiment, "--folder", folder.resolve("whole"));
        assertThat(whole.code()).as(whole.err()).isZero();
        int trainedBefore = b.trainings.get();

        var killed = folder.resolve("killed");
        var answer = killed.resolve("rounds/0001.part/answers/hospital-b__sick.json");
        a.gate = new CountDownLatch(1);
        var process = process(experiment.toString(), "--folder", killed.toString());
        await().until(() -> Files.exists(answer));
        process.destroyForcibly().waitFor();
        a.gate.countDown();

        var resumed = run("--resume", killed);
        assertThat(resumed.code()).as(resumed.err()).isZero();
        assertThat(b.trainings).hasValue(trainedBefore + 3);
        assertThat(killed.resolve("rounds/0003/global.safetensors"))
                .hasSameBinaryContentAs(folder.resolve("whole/rounds/0003/global.safetensors"));
    }

    @Test
    void ctrlCTellsTheNodesAndLeavesAFolderToResume() throws Exception {
        a.gate = new CountDownLatch(1);
        var stopped = folder.resolve("stopped");
        var process = process(experiment.toString(), "--folder", stopped.toString());
        var answer = stopped.resolve("rounds/0001.part/answers/hospital-b__sick.json");
        await().until(() -> Files.exists(answer));
        new ProcessBuilder("kill", "-INT", "" + process.pid()).start().waitFor();
        assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(130);
        assertThat(Files.readString(log())).contains("stopped. Go on with 'fedbiomed run --resume");
        await().untilAsserted(() -> assertThat(a.cancelled).hasSize(1));
        a.gate.countDown();
        assertThat(run("--resume", stopped).code()).isZero();
    }

    @Test
    void ctrlCIsHeardInATerminalToo() throws Exception {
        var script = Path.of("/usr/bin/script");
        assumeTrue(Files.isExecutable(script), "needs util-linux's script, which makes a terminal");
        var stopped = folder.resolve("stopped");
        a.gate = new CountDownLatch(1);
        var command = String.join(" ", command(experiment.toString(), "--folder", stopped.toString()));
        var builder = new ProcessBuilder(script.toString(), "-qfec", command, "/dev/null")
                .redirectErrorStream(true)
                .redirectOutput(log().toFile());
        builder.environment().put("TERM", "xterm");
        var terminal = builder.start();
        try {
            var answer = stopped.resolve("rounds/0001.part/answers/hospital-b__sick.json");
            await().atMost(Duration.ofSeconds(90)).until(() -> Files.exists(answer));
            assertThat(Files.readString(log())).contains("0/3 (");
            var java = terminal.descendants()
                    .filter(child -> child.info().command().orElse("").endsWith("/java"))
                    .findFirst()
                    .orElseThrow();
            new ProcessBuilder("kill", "-INT", "" + java.pid()).start().waitFor();
            assertThat(terminal.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(terminal.exitValue()).isEqualTo(130);
            assertThat(Files.readString(log())).contains("stopped. Go on with 'fedbiomed run --resume");
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(a.cancelled).hasSize(1));
        } finally {
            a.gate.countDown();
            terminal.descendants().forEach(ProcessHandle::destroyForcibly);
            terminal.destroyForcibly();
        }
    }

    private Path log() {
        return folder.resolve("process.log");
    }

    private List<String> command(String... args) {
        var command = new ArrayList<>(List.of(
                // what was started in the background ignores SIGINT, and so do its children
                "env",
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                RunProcess.class.getName(),
                "--home",
                world.home().toString()));
        command.addAll(List.of(args));
        return command;
    }

    private Process process(String... args) throws IOException {
        return new ProcessBuilder(command(args))
                .redirectErrorStream(true)
                .redirectOutput(log().toFile())
                .start();
    }

    @Test
    void whatIsOfferedIsShownAsATableAndAsJson() throws IOException {
        var shown = execute(new DatasetsCommand(), "--home", world.home(), "--tags", "sick,test");
        assertThat(shown.code()).as(shown.err()).isZero();
        assertThat(shown.out().lines().toList().get(1))
                .matches("hospital-a +sick +Sick people +csv +80 +4 +sick, test +yes");
        var json = execute(new DatasetsCommand(), "--home", world.home(), "--json");
        assertThat(Json.MAPPER.readTree(json.out()).path("offered")).hasSize(2);
        assertThat(execute(new DatasetsCommand(), "--home", world.home(), "--tags", "none")
                        .out())
                .contains("No dataset is offered.");
    }

    @Test
    void aNodeIsTrustedByTheFingerprintThatItShowsAlone() throws Exception {
        var stranger = world.stranger("stranger", 20);
        var fingerprint = stranger.identity().keys().fingerprint();
        await().untilAsserted(() -> assertThat(execute(new ResearcherCommand(), "node", "list", "--home", world.home())
                        .err())
                .contains("fedbiomed researcher node trust stranger " + fingerprint));
        var wrong = a.identity().keys().fingerprint();
        var refused = execute(new ResearcherCommand(), "node", "trust", "--home", world.home(), "stranger", wrong);
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("shows the fingerprint " + fingerprint);
        var trusted =
                execute(new ResearcherCommand(), "node", "trust", "--home", world.home(), "stranger", fingerprint);
        assertThat(trusted.code()).isZero();
        assertThat(execute(new ResearcherCommand(), "node", "list", "--home", world.home(), "--json")
                        .out())
                .doesNotContain("\"trust\":\"SEEN\"");
        assertThat(execute(new ResearcherCommand(), "node", "revoke", "--home", world.home(), "stranger")
                        .code())
                .isZero();
        assertThat(execute(new ResearcherCommand(), "node", "revoke", "--home", world.home(), "nobody")
                        .err())
                .contains("'nobody' is not known here");
    }

    @Test
    void wrongUsageEndsWith2AndAMissingHomeWith1() {
        assertThat(execute(new RunCommand()).code()).isEqualTo(2);
        assertThat(execute(new RunCommand(), experiment, "--wait", "soon", "--home", world.home())
                        .code())
                .isEqualTo(2);
        var nowhere = execute(new DatasetsCommand(), "--home", folder.resolve("nowhere"));
        assertThat(nowhere.code()).isEqualTo(1);
        assertThat(nowhere.err()).contains("fedbiomed researcher init --home");
        var none = execute(new RunCommand(), folder.resolve("none.yaml"), "--home", world.home());
        assertThat(none.code()).isEqualTo(1);
        assertThat(none.err()).contains("there is no file");
        var noData = execute(new PredictCommand(), "--model", folder, "--data", folder.resolve("none.csv"));
        assertThat(noData.err()).contains("there is no file", "none.csv", "--data");
        var noModel = execute(new PredictCommand(), "--model", folder.resolve("none"), "--data", experiment);
        assertThat(noModel.err())
                .contains("there is no " + folder.resolve("none"), "give a model's file or an experiment's folder");
        assertThat(run("--resume", world.home()).err()).contains("is no experiment's folder", "experiment.yaml");
    }
}
