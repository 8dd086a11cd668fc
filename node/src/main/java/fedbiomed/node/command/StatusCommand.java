package fedbiomed.node.command;

import fedbiomed.node.registry.DatasetRegistry;
import fedbiomed.node.round.Rounds;
import fedbiomed.node.state.RequestJournal;
import fedbiomed.node.state.StoredRequest;
import fedbiomed.protocol.command.FedbiomedCommand;
import fedbiomed.protocol.identity.Identity;
import fedbiomed.protocol.identity.TrustState;
import fedbiomed.protocol.identity.TrustedParties;
import fedbiomed.protocol.transport.FederationAddress;
import fedbiomed.protocol.transport.TransportIdentity;
import fedbiomed.vocabulary.PlanStatus;
import fedbiomed.vocabulary.ShownTime;
import fedbiomed.vocabulary.TextTable;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "status",
        description = "Show this node's name, fingerprint and certificate, and what waits for the data manager.")
final class StatusCommand extends FedbiomedCommand {
    @Mixin
    HomeOption at = new HomeOption();

    /** A list for a person. */
    private static final int MOST_SHOWN = 20;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    /** @param certificateExpires ISO 8601 @param attention what the data manager should know of the policy */
    record Status(
            String node,
            String fingerprint,
            String network,
            String certificateExpires,
            int datasets,
            long pendingPlans,
            long unconfirmedResearchers,
            String policy,
            int openRequests,
            int unacknowledgedAnswers,
            List<String> attention,
            List<Work> work) {}

    /** What is worked on, or waits for its turn. @param run of the researcher's experiment */
    record Work(String researcher, String run, int round, String dataset) {}

    private static List<Work> work(List<StoredRequest> open) {
        return open.stream()
                .limit(MOST_SHOWN)
                .flatMap(request -> Rounds.job(request).stream()
                        .map(job -> new Work(
                                request.researcher().value(),
                                job.runId(),
                                job.round(),
                                job.participant().dataset())))
                .toList();
    }

    @Override
    protected void run() {
        try (var database = at.database()) {
            var identity = Identity.load(at.path());
            var address = FederationAddress.load(at.path());
            var journal = RequestJournal.in(database, clock());
            var datasets = new DatasetRegistry(database, clock());
            var policy = Policies.standing(at.path(), datasets);
            var status = new Status(
                    identity.party().value(),
                    identity.keys().fingerprint().value(),
                    address.store().toString(),
                    TransportIdentity.load(at.path()).expires().toString(),
                    datasets.list().size(),
                    at.plans(database, clock()).list().stream()
                            .filter(plan -> plan.status() == PlanStatus.PENDING)
                            .count(),
                    new TrustedParties(at.path(), clock())
                            .entries().values().stream()
                                    .filter(entry ->
                                            entry.state() == TrustState.SEEN || entry.state() == TrustState.KEY_CHANGED)
                                    .count(),
                    policy.readable() ? "in force" : "cannot be read",
                    journal.open().size(),
                    journal.unacknowledged().size(),
                    policy.attention(),
                    work(journal.open()));
            if (json) {
                printJson(status);
            } else {
                print(status);
            }
        }
    }

    private void print(Status status) {
        var table = new TextTable("NODE", status.node());
        table.row("fingerprint", status.fingerprint());
        table.row("network", status.network());
        table.row("certificate until", ShownTime.of(Instant.parse(status.certificateExpires())));
        table.row("datasets", status.datasets());
        table.row("plans to review", status.pendingPlans());
        table.row("researchers to confirm", status.unconfirmedResearchers());
        table.row("policy", status.policy());
        table.row("open requests", status.openRequests());
        table.row("answers not yet acknowledged", status.unacknowledgedAnswers());
        table.print(out());
        if (!status.work().isEmpty()) {
            out().println();
            out().println("Worked on, or waiting; experiments (runs) take turns:");
            var work = new TextTable("RESEARCHER", "RUN", "ROUND", "DATASET");
            status.work().forEach(one -> work.row(one.researcher(), one.run(), one.round(), one.dataset()));
            work.print(out());
        }
        status.attention().forEach(line -> out().println("ATTENTION: " + line));
    }
}
