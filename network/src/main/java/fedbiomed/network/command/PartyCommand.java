package fedbiomed.network.command;

import fedbiomed.network.enrolment.RegisteredParty;
import fedbiomed.protocol.command.FedbiomedCommand;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.ShownTime;
import fedbiomed.vocabulary.TextTable;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code network party}: who belongs to the federation. */
@Command(
        name = "party",
        description = "The parties that belong to the federation.",
        subcommands = {PartyCommand.ListParties.class, PartyCommand.Revoke.class})
final class PartyCommand {
    @Command(name = "list", description = "List the parties that have enrolled.")
    static final class ListParties extends FedbiomedCommand {
        @Mixin
        HomeOption at = new HomeOption();

        @Option(names = "--json", description = "Print JSON.")
        boolean json;

        @Override
        protected void run() {
            try (var home = at.open()) {
                var parties = home.parties();
                if (json) {
                    printJson(parties.stream().map(ListParties::row).toList());
                    return;
                }
                if (parties.isEmpty()) {
                    out().println("Nobody has enrolled. Invite someone: fedbiomed network invite node NAME"
                            + at.repeated());
                    return;
                }
                var table = new TextTable("PARTY", "ROLE", "ENROLLED", "CERTIFIED UNTIL", "STATE");
                for (var party : parties) {
                    table.row(
                            party.party(),
                            party.role().lower(),
                            ShownTime.of(party.enrolledAt()),
                            ShownTime.of(party.certifiedUntil()),
                            party.revokedAt() == null ? "active" : "revoked " + ShownTime.of(party.revokedAt()));
                }
                table.print(out());
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

    @Command(name = "revoke", description = "End a party's access, at once.")
    static final class Revoke extends FedbiomedCommand {
        @Mixin
        HomeOption at = new HomeOption();

        @Parameters(index = "0", paramLabel = "NAME", description = "The party's name.")
        String name = "";

        @Override
        protected void run() {
            var party = PartyId.of(name);
            try (var home = at.open()) {
                if (!home.revoke(party)) {
                    throw new FedbiomedException(
                            ErrorCode.BAD_MESSAGE,
                            "no party '" + party + "' has access here; see 'fedbiomed network party list"
                                    + at.repeated() + "'");
                }
                out().println("'" + party + "' has no access any more. To let it in again, invite it.");
            }
        }
    }
}
