package fedbiomed.researcher;

import fedbiomed.vocabulary.DatasetDescription;
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
}
