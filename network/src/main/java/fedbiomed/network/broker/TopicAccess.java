package fedbiomed.network.broker;

import fedbiomed.protocol.transport.CertifiedParty;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Role;
import java.util.function.BiPredicate;

/**
 * Who may publish and read which topic: nodes talk to researchers and researchers to nodes, each reads its own inbox,
 * each says its own presence, researchers read everyone's. All else is refused. Only presence is retained.
 *
 * @param enrolled whether a party of that role is enrolled now: nobody fills topics of parties that are not there
 */
public record TopicAccess(BiPredicate<Role, PartyId> enrolled) {
    static final String ROOT = "fedbiomed/v1/";
    static final String PRESENCE = ROOT + "presence/";

    /** Whether {@code who} may publish to {@code topic}. */
    public boolean mayPublish(CertifiedParty who, String topic) {
        if (topic.equals(presence(who.party()))) {
            return true;
        }
        return switch (who.role()) {
            case NODE -> isFor(Role.RESEARCHER, topic, "/inbox") || isFor(Role.RESEARCHER, topic, "/monitor");
            case RESEARCHER -> isFor(Role.NODE, topic, "/inbox");
        };
    }

    /** Whether {@code who} may subscribe to {@code filter}, a topic or a pattern with {@code +} and {@code #}. */
    public boolean maySubscribe(CertifiedParty who, String filter) {
        return switch (who.role()) {
            case NODE -> filter.equals(inbox(who));
            case RESEARCHER -> filter.equals(inbox(who)) || filter.equals(monitor(who.party())) || isPresence(filter);
        };
    }

    /** Whether a message may stay at {@code topic} for those who subscribe later. */
    public boolean mayRetain(String topic) {
        return topic.startsWith(PRESENCE);
    }

    static String inbox(CertifiedParty who) {
        return ROOT + who.role().lower() + "/" + who.party() + "/inbox";
    }

    static String monitor(PartyId researcher) {
        return ROOT + "researcher/" + researcher + "/monitor";
    }

    static String presence(PartyId party) {
        return PRESENCE + party;
    }

    private boolean isFor(Role role, String topic, String end) {
        var start = ROOT + role.lower() + "/";
        if (!topic.startsWith(start) || !topic.endsWith(end) || topic.length() < start.length() + end.length()) {
            return false;
        }
        var name = topic.substring(start.length(), topic.length() - end.length());
        return isParty(name) && enrolled.test(role, PartyId.of(name));
    }

    /** Only of parties that there are: each other name would be a topic more for the broker to keep. */
    private boolean isPresence(String filter) {
        if (!filter.startsWith(PRESENCE)) {
            return false;
        }
        var rest = filter.substring(PRESENCE.length());
        return rest.equals("+") || rest.equals("#") || isParty(rest) && isEnrolled(PartyId.of(rest));
    }

    private boolean isEnrolled(PartyId party) {
        return enrolled.test(Role.NODE, party) || enrolled.test(Role.RESEARCHER, party);
    }

    private static boolean isParty(String name) {
        return name.matches("[a-z0-9-]{1,63}");
    }
}
