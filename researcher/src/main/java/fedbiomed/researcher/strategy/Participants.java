package fedbiomed.researcher.strategy;

import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Text;
import java.util.Collection;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Participants that a strategy's arguments name. */
final class Participants {
    private static final int MAX_SHOWN_CHARS = 500;

    private Participants() {}

    /** @param text {@code node/dataset} */
    static Participant of(String argument, String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || slash == text.length() - 1) {
            throw new IllegalArgumentException("strategy." + argument
                    + ": a participant is written node/dataset as 'fedbiomed datasets' shows them, not '"
                    + Text.shown(text) + "'");
        }
        return new Participant(PartyId.of(text.substring(0, slash)), text.substring(slash + 1));
    }

    /** The empty string, or which of {@code named} take no part. */
    static String unknown(String argument, Collection<Participant> named, SortedSet<Participant> all) {
        var unknown = new TreeSet<>(named);
        unknown.removeAll(all);
        return unknown.isEmpty()
                ? ""
                : "strategy." + argument + " names " + list(unknown) + ", which takes no part; there are: " + list(all);
    }

    private static String list(Collection<Participant> participants) {
        return Text.shown(
                participants.stream().map(Participant::toString).collect(Collectors.joining(", ")), MAX_SHOWN_CHARS);
    }
}
