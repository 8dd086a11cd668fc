package fedbiomed.node.round;

import fedbiomed.protocol.identity.Fingerprint;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.PlanId;

/** Who shares a worker: one researcher's one run of one plan on one dataset, and nobody else. */
public record WorkerKey(PartyId researcher, Fingerprint fingerprint, String runId, String dataset, PlanId plan) {}
