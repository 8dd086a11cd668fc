package fedbiomed.protocol;

import fedbiomed.vocabulary.PartyId;

/** The topics of the federation (DESIGN.md, Messages); the Network allows each party its own and no other. */
public final class Topics {
    public static final String PRESENCE_PREFIX = "fedbiomed/v1/presence/";
    public static final String PRESENCE_ALL = PRESENCE_PREFIX + "+";

    private static final String ROOT = "fedbiomed/v1/";

    private Topics() {}

    /** Researchers publish, that node alone subscribes. */
    public static String nodeInbox(PartyId node) {
        return ROOT + "node/" + node + "/inbox";
    }

    /** Nodes publish, that researcher alone subscribes. */
    public static String researcherInbox(PartyId researcher) {
        return ROOT + "researcher/" + researcher + "/inbox";
    }

    /** Nodes publish scalars, that researcher alone subscribes. */
    public static String researcherMonitor(PartyId researcher) {
        return ROOT + "researcher/" + researcher + "/monitor";
    }

    /** That party publishes (retained), researchers subscribe. */
    public static String presence(PartyId party) {
        return PRESENCE_PREFIX + party;
    }
}
