package fedbiomed.researcher.experiment;

import fedbiomed.researcher.strategy.ParticipantHistory;
import fedbiomed.vocabulary.Participant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the rounds so far say of each participant ({@code history.json} of a finished round): what a strategy sees.
 *
 * @param entries in participants' order; one that was never asked is not among them
 */
record ParticipantHistories(List<Entry> entries) {
    static final ParticipantHistories NONE = new ParticipantHistories(List.of());

    record Entry(Participant participant, ParticipantHistory history) {}

    ParticipantHistories {
        entries = List.copyOf(entries);
    }

    /** @param asked by this round itself */
    ParticipantHistories after(int round, Collection<Participant> asked, List<ParticipantOutcome> outcomes) {
        var next = byParticipant();
        for (var participant : asked) {
            next.merge(participant, ParticipantHistory.NONE.askedIn(round), (before, _) -> before.askedIn(round));
        }
        for (var outcome : outcomes) {
            var before = next.getOrDefault(outcome.participant(), ParticipantHistory.NONE);
            next.put(outcome.participant(), before.after(outcome.status().attendance()));
        }
        var all = new ArrayList<Entry>();
        next.forEach((participant, history) -> all.add(new Entry(participant, history)));
        return new ParticipantHistories(all);
    }

    SortedMap<Participant, ParticipantHistory> byParticipant() {
        var map = new TreeMap<Participant, ParticipantHistory>();
        entries.forEach(entry -> map.put(entry.participant(), entry.history()));
        return map;
    }
}
