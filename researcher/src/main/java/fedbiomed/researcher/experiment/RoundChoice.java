package fedbiomed.researcher.experiment;

import fedbiomed.researcher.strategy.Choice;
import fedbiomed.vocabulary.Participant;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Whom a round asks, as {@code selection.json} keeps it: written before anybody is asked, so that a round that is begun
 * anew asks the same, whoever is online then.
 *
 * @param by the strategy's selection and its arguments; another one selects anew
 * @param online whose node was there
 * @param awaited who is still at work on an earlier round
 */
record RoundChoice(NamedArgs by, SortedSet<Participant> online, SortedSet<Participant> awaited, Choice choice) {
    RoundChoice {
        online = new TreeSet<>(online);
        awaited = new TreeSet<>(awaited);
    }
}
