package fedbiomed.benchmarks;

import fedbiomed.researcher.Researcher;
import fedbiomed.researcher.aggregator.FedAvg;
import fedbiomed.researcher.experiment.Experiment;
import fedbiomed.researcher.experiment.ExperimentListener;
import fedbiomed.researcher.experiment.RoundSummary;
import fedbiomed.researcher.strategy.Strategy;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A researcher in a process of its own, whose memory and CPU are read from outside. Says on standard output what it has
 * done: {@code opened}, {@code found N} datasets, {@code round K} when that one is over.
 */
final class RoundsAlone {
    static final String OPENED = "opened";
    static final String FOUND = "found ";
    static final String ROUND = "round ";
    private static final Duration DEADLINE = Duration.ofMinutes(20);

    private RoundsAlone() {}

    /** @param args the researcher's home, the plan, the experiment's folder, how many rounds; without a plan it only searches */
    static void main(String[] args) throws InterruptedException {
        try (var researcher = Researcher.open(Path.of(args[0]))) {
            say(OPENED);
            if (args.length == 1) {
                search(researcher);
            } else {
                run(researcher, Path.of(args[1]), Path.of(args[2]), Integer.parseInt(args[3]));
            }
        }
        System.exit(0);
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }

    private static void search(Researcher researcher) {
        var found = researcher.datasets(Crowd.TAG);
        found.silences().stream().limit(10).forEach(System.err::println);
        say(FOUND + found.offered().size());
    }

    private static void run(Researcher researcher, Path plan, Path folder, int rounds) {
        var experiment = Experiment.builder(researcher)
                .tags(Crowd.TAG)
                .plan(plan)
                .trainingArgs(args -> args.numUpdates(1).batchSize(16))
                .aggregator(new FedAvg())
                .strategy(Strategy.all().deadline(DEADLINE))
                .rounds(rounds)
                .folder(folder)
                .build();
        say(FOUND + experiment.participants().size());
        experiment.listener(new ExperimentListener() {
            @Override
            public void notice(String text) {
                System.err.println(text);
            }

            @Override
            public void roundFinished(RoundSummary summary) {
                say(ROUND + summary.round());
            }
        });
        experiment.run();
    }
}
