package fedbiomed.network.command;

import fedbiomed.protocol.command.FedbiomedCommand;
import fedbiomed.protocol.home.DurationText;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Role;
import fedbiomed.vocabulary.ShownTime;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code network invite}: lets one party enrol once. */
@Command(
        name = "invite",
        description = {
            "Print an invitation: a token with which one party enrols, once.",
            "The token alone goes to standard output, what to do with it to standard error."
        })
final class InviteCommand extends FedbiomedCommand {
    @Mixin
    HomeOption at = new HomeOption();

    @Parameters(index = "0", paramLabel = "ROLE", description = "What the party is: node or researcher.")
    String role = "";

    @Parameters(index = "1", paramLabel = "NAME", description = "The party's name: a-z, 0-9 and '-'.")
    String name = "";

    @Option(
            names = "--expires",
            paramLabel = "TIME",
            description = "How long it is good for, e.g. 12h or 7d (default: invitation_validity of config.yaml).")
    String expires = "";

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    protected void run() {
        var wanted = Role.parse(role);
        var party = PartyId.of(name);
        try (var home = at.open()) {
            var validity = expires.isEmpty() ? home.config().invitationValidity() : DurationText.parse(expires);
            var invitation = home.invite(wanted, party, validity);
            if (json) {
                printJson(Map.of(
                        "token", invitation.token(),
                        "party", party,
                        "role", wanted.lower(),
                        "expires", invitation.expires().toString(),
                        "host", invitation.host(),
                        "store_port", invitation.storePort()));
                return;
            }
            out().println(invitation.token());
            note("Give this token to the " + wanted.lower() + " " + party
                    + " so that nobody else reads it: whoever has it" + " can enrol as " + party + ", once, until "
                    + ShownTime.of(invitation.expires()) + ".");
            note("There: fedbiomed " + wanted.lower() + " init, which asks for it.");
        }
    }
}
