package fedbiomed.researcher.experiment;

import fedbiomed.vocabulary.Participant;

/**
 * A participant as the experiment found it when it began.
 *
 * @param fingerprint of the content: another content is another experiment
 * @param rows so many samples at most can be behind an update
 */
public record ChosenDataset(Participant participant, String name, String fingerprint, long rows) {}
