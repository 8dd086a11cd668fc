package fedbiomed.researcher.experiment;

import fedbiomed.protocol.message.Answer;
import fedbiomed.protocol.message.Reply;
import fedbiomed.protocol.message.Request;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.Text;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks every participant to try the plan on its data before round 1; nothing of the experiment changes. */
final class PreflightCheck {
    private static final Set<ErrorCode> NOT_APPROVED =
            Set.of(ErrorCode.PLAN_UNKNOWN, ErrorCode.PLAN_PENDING, ErrorCode.PLAN_REJECTED);
    private static final double MILLIS = 1000;

    private final ExperimentParts parts;
    private final Duration patience;

    /** @param patience how long each node is waited for: it may have other work, and starts a worker */
    PreflightCheck(ExperimentParts parts, Duration patience) {
        this.parts = parts;
        this.patience = patience;
    }

    CheckReport run() {
        var asked = new TreeMap<Participant, CompletableFuture<Answer>>();
        for (var dataset : parts.begun().participants()) {
            var request = new Request.Check(parts.jobs().job(dataset, 0, null, null, null));
            asked.put(
                    dataset.participant(),
                    parts.researcher()
                            .correspondence()
                            .ask(dataset.participant().node(), request, patience));
        }
        var rows = new ArrayList<CheckReport.Row>();
        for (var dataset : parts.begun().participants()) {
            var future = asked.get(dataset.participant());
            if (future != null) {
                rows.add(row(dataset, future));
            }
        }
        return new CheckReport(rows);
    }

    private CheckReport.Row row(ChosenDataset dataset, CompletableFuture<Answer> future) {
        var participant = dataset.participant();
        try {
            return switch (future.get(patience.toMillis(), TimeUnit.MILLISECONDS)
                    .reply()) {
                case Reply.Check answer -> ready(dataset, answer);
                case Reply.Error error ->
                    CheckReport.Row.failed(
                            participant,
                            !NOT_APPROVED.contains(error.code()),
                            Text.shown(error.text(), Reply.Error.MAX_TEXT_CHARS));
                default ->
                    CheckReport.Row.failed(participant, false, "the node answered something else than was asked");
            };
        } catch (TimeoutException e) {
            return silent(participant);
        } catch (ExecutionException e) {
            return e.getCause() instanceof FedbiomedException known && known.code() != ErrorCode.EXPIRED
                    ? CheckReport.Row.failed(participant, false, known.text())
                    : silent(participant);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FedbiomedException(ErrorCode.CANCELLED, "stopped while the nodes were checking", e);
        }
    }

    private CheckReport.Row silent(Participant participant) {
        return CheckReport.Row.failed(
                participant,
                false,
                "no answer within " + patience.toSeconds() + " s; is the node running, and is it busy?");
    }

    private CheckReport.Row ready(ChosenDataset dataset, Reply.Check answer) {
        if (answer.samples() < 1 || answer.samples() > dataset.rows() || answer.batches() < 1) {
            return CheckReport.Row.failed(
                    dataset.participant(),
                    true,
                    "the node's figures cannot be: more training rows than the dataset has");
        }
        var millis = answer.timings().millis();
        double perBatch = Math.max(0, millis.getOrDefault("batches", 0L)) / MILLIS / answer.batches();
        double loading = Math.max(0, millis.getOrDefault("load", 0L)) / MILLIS;
        long updates = parts.arguments().trainingArgs().updates(answer.samples());
        return new CheckReport.Row(
                dataset.participant(),
                true,
                true,
                "",
                answer.samples(),
                answer.batch(),
                updates,
                perBatch,
                loading + updates * perBatch);
    }
}
