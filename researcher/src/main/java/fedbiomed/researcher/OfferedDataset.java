package fedbiomed.researcher;

import fedbiomed.vocabulary.DatasetDescription;
import fedbiomed.vocabulary.DatasetText;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.PartyId;

/**
 * A dataset that a node offers.
 *
 * @param trusted whether a person has confirmed the node's fingerprint here
 */
public record OfferedDataset(PartyId node, DatasetDescription dataset, boolean trusted) {
    public Participant participant() {
        return new Participant(node, dataset.id());
    }

    /** All that the node tells about it, for a person; several lines. */
    public String describe() {
        var trust = trusted ? "" : " (not trusted here: compare its fingerprint with its data manager)";
        return "node         " + node + trust + "\n" + String.join("\n", DatasetText.lines(dataset));
    }
}
