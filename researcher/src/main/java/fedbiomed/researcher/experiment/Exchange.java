package fedbiomed.researcher.experiment;

import fedbiomed.protocol.message.Reply;

/**
 * What it took to get a participant's answer, by the researcher's clock: clocks of two machines are never compared.
 * What the node did meanwhile, by its own, is {@link Reply.Train#timings}.
 *
 * @param asked when it was asked, in ISO 8601
 * @param answeredMillis from then until its answer was there
 * @param fetchMillis that fetching and checking its update took
 * @param bytesToNode what lay in the parameter store for it, sealed; 0 if the model was not published by this attempt
 * @param bytesFromNode its update there, sealed
 * @param scalars numbers of its training that have come to the monitor
 */
public record Exchange(
        String asked, long answeredMillis, long fetchMillis, long bytesToNode, long bytesFromNode, long scalars) {
    /** @param arrived as far as this attempt of the round knows; an earlier one may have got more */
    Exchange withScalars(long arrived) {
        return new Exchange(asked, answeredMillis, fetchMillis, bytesToNode, bytesFromNode, Math.max(arrived, scalars));
    }

    /** What of {@link #answeredMillis} the node does not account for: its other work, the messages' way, its absence. */
    public long waitingMillis(Reply.Train reply) {
        return Math.max(0, answeredMillis - NodePhases.totalMillis(reply.timings(), answeredMillis));
    }
}
