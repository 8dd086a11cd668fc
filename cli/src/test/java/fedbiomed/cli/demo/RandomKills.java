package fedbiomed.cli.demo;

import fedbiomed.researcher.experiment.Experiment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;

/** Starts a researcher's process that goes on with an experiment, and kills it at a moment that is drawn. */
final class RandomKills {
    private static final String NAME = "researcher";
    private static final long LOOK_MILLIS = 2;

    private final DemoFederation federation;
    private final Experiment experiment;
    private final Duration round;
    private final SplittableRandom random;
    private final String[] resume;

    /** How long a process takes until it asks the nodes; known after the first. */
    private Duration begin = Duration.ZERO;

    /** @param round how long one takes, about */
    RandomKills(DemoFederation federation, Experiment experiment, Duration round, SplittableRandom random) {
        this.federation = federation;
        this.experiment = experiment;
        this.round = round;
        this.random = random;
        this.resume = new String[] {
            "run",
            "--resume",
            experiment.folder().toString(),
            "--home",
            federation.researcherHome().toString()
        };
    }

    /** The command. */
    String[] resume() {
        return resume.clone();
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    /** While it starts, within a round when so many have answered, or soon after a round. @return when, for a person */
    String once() throws IOException, InterruptedException {
        int before = experiment.finishedRounds();
        long start = System.nanoTime();
        federation.processes().start(NAME, "512m", resume);
        if (begin.isZero()) {
            await(() -> Files.isDirectory(answers(before + 1)) || experiment.finishedRounds() > before);
            begin = Duration.ofNanos(System.nanoTime() - start);
        } else {
            switch (random.nextInt(3)) {
                case 0 -> pass(part(begin), before);
                case 1 -> {
                    int enough = random.nextInt(Hospitals.NAMES.size() + 1);
                    await(() -> experiment.finishedRounds() > before
                            || Files.isDirectory(answers(before + 1)) && count(answers(before + 1)) >= enough);
                }
                default -> {
                    await(() -> experiment.finishedRounds() > before);
                    pass(part(round), before);
                }
            }
        }
        boolean alive = federation.processes().handle(NAME).isAlive();
        federation.processes().kill(NAME);
        if (!alive) {
            throw new IllegalStateException("the process had ended before it was killed, after round "
                    + experiment.finishedRounds() + "; its log has the rest");
        }
        int after = experiment.finishedRounds();
        return "after " + (System.nanoTime() - start) / 1_000_000 + " ms: " + after + " rounds finished, "
                + count(answers(after + 1)) + " answers of the next";
    }

    /** Lets time pass, but no two rounds: they were slower, perhaps, when the time of one was taken. */
    private void pass(Duration time, int before) throws IOException, InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        await(() -> System.nanoTime() >= end || experiment.finishedRounds() > before + 1);
    }

    private Duration part(Duration whole) {
        return Duration.ofNanos(random.nextLong(Math.max(1, whole.toNanos())));
    }

    private void await(Condition condition) throws IOException, InterruptedException {
        while (!condition.holds() && federation.processes().handle(NAME).isAlive()) {
            Thread.sleep(LOOK_MILLIS);
        }
    }

    private Path answers(int ofRound) {
        return experiment
                .folder()
                .resolve("rounds")
                .resolve("%04d.part".formatted(ofRound))
                .resolve("answers");
    }

    private static long count(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        try (var files = Files.newDirectoryStream(folder, "*.json")) {
            long count = 0;
            for (var _ : files) {
                count++;
            }
            return count;
        } catch (java.nio.file.NotDirectoryException | java.nio.file.NoSuchFileException e) {
            // the round was finished meanwhile
            return 0;
        }
    }
}
