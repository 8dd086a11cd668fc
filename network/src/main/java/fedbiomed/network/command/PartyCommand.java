package fedbiomed.network.command;

import fedbiomed.network.NetworkHome;
import fedbiomed.network.enrolment.RegisteredParty;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Json;
import fedbiomed.vocabulary.PartyId;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code network party}: who belongs to the federation. */
@Command(
        name = "party",
        description = "See and end the membership of parties.",
        mixinStandardHelpOptions = true,
        subcommands = {PartyCommand.ListParties.class, PartyCommand.Revoke.class})
final class PartyCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli, before run()
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "list or revoke?");
    }

    @Command(name = "list", description = "List the parties that have enrolled.", mixinStandardHelpOptions = true)
    static final class ListParties extends FailingCommand {
        @Option(names = "--json", description = "Print JSON.")
        boolean json;

        @Override
        void run() {
            try (var home = NetworkHome.open(at.home, System.getenv(), Clock.systemUTC())) {
                var parties = home.parties();
                if (json) {
                    out().println(Json.text(
                            parties.stream().map(ListParties::row).toList()));
                    return;
                }
                if (parties.isEmpty()) {
                    out().println("Nobody has enrolled. Invite someone: network invite node NAME");
                    return;
                }
                out().printf("%-24s %-11s %-21s %-21s %s%n", "PARTY", "ROLE", "ENROLLED", "CERTIFIED UNTIL", "STATE");
                for (var party : parties) {
                    out().printf(
                                    "%-24s %-11s %-21s %-21s %s%n",
                                    party.party(),
                                    party.role().lower(),
                                    party.enrolledAt(),
                                    party.certifiedUntil(),
                                    party.revokedAt() == null ? "active" : "revoked " + party.revokedAt());
                }
            }
        }

        private static Map<String, Object> row(RegisteredParty party) {
            var row = new LinkedHashMap<String, Object>();
            row.put("party", party.party());
            row.put("role", party.role().lower());
            row.put("enrolled", party.enrolledAt().toString());
            row.put("certified_until", party.certifiedUntil().toString());
            row.put(
                    "revoked",
                    party.revokedAt() == null ? null : party.revokedAt().toString());
            return row;
        }
    }

    @Command(name = "revoke", description = "End a party's access, at once.", mixinStandardHelpOptions = true)
    static final class Revoke extends FailingCommand {
        @Parameters(index = "0", paramLabel = "NAME", description = "The party's name.")
        String name = "";

        @Override
        void run() {
            var party = PartyId.of(name);
            try (var home = NetworkHome.open(at.home, System.getenv(), Clock.systemUTC())) {
                if (!home.revoke(party)) {
                    throw new FedbiomedException(
                            ErrorCode.BAD_MESSAGE,
                            "no party " + party + " has access here; see: network party list --home " + at.home);
                }
                out().println(party + " has no access any more. To let it in again, invite it.");
            }
        }
    }
}
