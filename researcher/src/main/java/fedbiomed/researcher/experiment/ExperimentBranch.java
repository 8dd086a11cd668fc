package fedbiomed.researcher.experiment;

import fedbiomed.researcher.Researcher;
import fedbiomed.researcher.aggregator.Aggregator;
import fedbiomed.researcher.aggregator.Aggregators;
import fedbiomed.researcher.strategy.Strategies;
import fedbiomed.researcher.strategy.Strategy;
import fedbiomed.vocabulary.FedbiomedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Goes on from an earlier round of an experiment, as an experiment of its own: with a folder and a run id of its own, the
 * rounds until then, and what its participants kept of them. The one that it comes from stays as it is.
 */
public final class ExperimentBranch {
    /** In place of a round: not even the initial model is taken over. */
    static final int NOTHING = -1;

    private final Researcher researcher;
    private final Path from;
    private final int round;
    private UnaryOperator<ExperimentFile> changes = UnaryOperator.identity();
    private Duration approvalPatience = ExperimentBuilder.APPROVAL_PATIENCE;
    private ExperimentFile.Origin.Kind kind = ExperimentFile.Origin.Kind.BRANCH;
    private @Nullable Aggregator aggregator;
    private @Nullable Strategy strategy;
    private @Nullable Strategy deciding;
    private @Nullable Path folder;

    ExperimentBranch(Researcher researcher, Path from, int round) {
        this.researcher = researcher;
        this.from = from;
        this.round = round;
    }

    /** Rounds, strategy, aggregator, training arguments, early stopping ({@link ExperimentFile}'s {@code with...}). */
    public ExperimentBranch changes(UnaryOperator<ExperimentFile> changed) {
        changes = changed;
        return this;
    }

    /** One's own, or another than the experiment had: then it begins anew, without what the other one remembered. */
    public ExperimentBranch aggregator(Aggregator own) {
        aggregator = own;
        return this;
    }

    public ExperimentBranch strategy(Strategy own) {
        strategy = own;
        return this;
    }

    /** Where it is kept; by default beside the experiment, as {@code FOLDER-from-0005}. */
    public ExperimentBranch folder(Path folder) {
        this.folder = folder;
        return this;
    }

    /** How long data managers' approval is waited for; zero: not at all. */
    public ExperimentBranch approvalPatience(Duration patience) {
        approvalPatience = patience;
        return this;
    }

    /** @param decides as the experiment's rounds went, whatever its strategy was, which stays in its arguments */
    ExperimentBranch reproduction(Strategy decides) {
        kind = ExperimentFile.Origin.Kind.REPRODUCTION;
        deciding = decides;
        return this;
    }

    /**
     * Makes the branch's folder; nobody is asked anything yet.
     *
     * @throws FedbiomedException if there is no such round, or what is changed does not fit
     */
    public Experiment open() {
        var stored = StoredExperiment.open(researcher, from);
        requireRound(stored.folder().lastFinishedRound());
        var changed = changes.apply(stored.arguments());
        if (aggregator != null) {
            changed = changed.withAggregator(NamedArgs.of(aggregator));
        }
        if (strategy != null) {
            changed = changed.withStrategy(NamedArgs.of(strategy));
        }
        var where = folder == null ? beside() : folder;
        var source = stored.plan().source();
        var arguments = changed.begunAs(
                begun(Objects.requireNonNull(stored.arguments().begun())),
                where.resolve("plan").resolve(source.className() + ".java"));
        var ownAggregator = aggregator != null
                ? aggregator
                : Aggregators.named(
                        arguments.aggregator().name(), arguments.aggregator().args());
        var ownStrategy = deciding != null ? deciding : strategy;
        if (ownStrategy == null) {
            ownStrategy = Strategies.named(
                    arguments.strategy().name(), arguments.strategy().args());
        }
        var planned = stored.parts(arguments, ownAggregator, ownStrategy, stored.folder());
        planned.requireContinuable(stored.arguments());
        boolean sameAggregator =
                arguments.aggregator().equals(stored.arguments().aggregator());
        var made = ExperimentFolder.create(
                where, arguments, source, stored.arguments().plan(), target -> copy(stored, target, sameAggregator));
        var parts = new ExperimentParts(
                researcher,
                arguments,
                source,
                stored.plan().withAttachments(made.planFolder()),
                planned.requirements(),
                ownAggregator,
                ownStrategy,
                made,
                planned.events());
        return new Experiment(parts, approvalPatience, "");
    }

    private void requireRound(int last) {
        boolean all = round == NOTHING && kind == ExperimentFile.Origin.Kind.REPRODUCTION;
        if (!all && (round < 0 || round > last)) {
            throw ExperimentBuilder.wrong("there is no round " + round + " in " + from + " to go on from; "
                    + (last < 0 ? "none is finished" : "the finished ones are 0 (the initial model) to " + last));
        }
    }

    private ExperimentFile.Begun begun(ExperimentFile.Begun before) {
        return new ExperimentFile.Begun(
                ExperimentFolder.FORMAT,
                UUID.randomUUID().toString(),
                before.researcher(),
                before.plan(),
                researcher.clock().instant().truncatedTo(ChronoUnit.SECONDS).toString(),
                before.participants(),
                new ExperimentFile.Origin(kind, before.runId(), round, from.toString()));
    }

    private Path beside() {
        var whole = from.toAbsolutePath().normalize();
        var name = whole.getFileName()
                + (kind == ExperimentFile.Origin.Kind.REPRODUCTION ? "-reproduced" : "-from-%04d".formatted(round));
        var candidate = whole.resolveSibling(name);
        for (int i = 2; Files.exists(candidate); i++) {
            candidate = whole.resolveSibling(name + "-" + i);
        }
        return candidate;
    }

    private void copy(StoredExperiment stored, ExperimentFolder target, boolean sameAggregator) {
        if (round == NOTHING) {
            return;
        }
        for (int i = 0; i <= round; i++) {
            stored.folder().round(i).linkTo(target.round(i), i < round || sameAggregator);
        }
        stored.folder().copyRecords(target, round);
    }
}
