package fedbiomed.researcher.experiment;

import fedbiomed.vocabulary.Participant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which of its own trainings each participant starts from next: the last one that was accepted, if it left something at
 * the node. One who missed a round has its last before that; what was not accepted is never started from.
 *
 * @param kept in participants' order; a participant that keeps nothing is not among them
 */
record NodeStateIds(List<Kept> kept) {
    static final NodeStateIds NONE = new NodeStateIds(List.of());

    /** @param request the id of the training */
    record Kept(Participant participant, String request) {}

    NodeStateIds {
        kept = List.copyOf(kept);
    }

    /** {@code null} where the participant starts from none. */
    @Nullable
    String of(Participant participant) {
        return byParticipant().get(participant);
    }

    NodeStateIds after(List<ParticipantOutcome> round) {
        var next = byParticipant();
        for (var outcome : round) {
            var reply = outcome.reply();
            if (reply != null && reply.stateKept()) {
                next.put(outcome.participant(), outcome.request());
            } else if (reply != null) {
                next.remove(outcome.participant());
            }
        }
        var entries = new ArrayList<Kept>();
        next.forEach((participant, request) -> entries.add(new Kept(participant, request)));
        return new NodeStateIds(entries);
    }

    private SortedMap<Participant, String> byParticipant() {
        var map = new TreeMap<Participant, String>();
        kept.forEach(one -> map.put(one.participant(), one.request()));
        return map;
    }
}
