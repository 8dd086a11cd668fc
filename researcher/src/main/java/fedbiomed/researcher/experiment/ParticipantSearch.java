package fedbiomed.researcher.experiment;

import fedbiomed.researcher.OfferedDataset;
import fedbiomed.researcher.Researcher;
import fedbiomed.training.PlanRequirements;
import fedbiomed.vocabulary.ColumnDescription;
import fedbiomed.vocabulary.ColumnType;
import fedbiomed.vocabulary.DataForm;
import fedbiomed.vocabulary.DatasetDescription;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Finds an experiment's participants among what the nodes offer, and whether their columns are those of the plan. */
final class ParticipantSearch {
    private final Researcher researcher;
    private final SortedSet<String> tags;
    private final SortedSet<PartyId> nodes;
    private final SortedSet<Participant> wanted;

    ParticipantSearch(
            Researcher researcher, SortedSet<String> tags, SortedSet<PartyId> nodes, SortedSet<Participant> wanted) {
        this.researcher = researcher;
        this.tags = tags;
        this.nodes = nodes;
        this.wanted = wanted;
    }

    /** @param problems are added to it; if it is left as it was, the result is not empty */
    List<ChosenDataset> find(
            @Nullable PlanRequirements plan, ExperimentEvents events, List<FedbiomedException> problems) {
        if (tags.isEmpty() && wanted.isEmpty()) {
            return List.of();
        }
        var found = researcher.datasets(tags.toArray(String[]::new));
        found.silences().forEach(events::notice);
        var chosen = new TreeMap<Participant, ChosenDataset>();
        var contents = new TreeMap<String, ArrayContent>();
        for (var offer : found.offered()) {
            if (isWanted(offer) && isUsable(offer, events)) {
                if (plan != null) {
                    checkColumns(offer.participant(), offer.dataset(), plan, problems);
                    checkContents(offer.participant(), offer.dataset(), plan, contents, problems);
                }
                chosen.put(
                        offer.participant(),
                        new ChosenDataset(
                                offer.participant(),
                                Text.shown(offer.dataset().name()),
                                offer.dataset().fingerprint(),
                                offer.dataset().rows()));
            }
        }
        for (var participant : wanted) {
            if (!chosen.containsKey(participant)) {
                problems.add(ExperimentBuilder.wrong("the dataset " + participant
                        + " is not offered, or cannot be used; see 'fedbiomed datasets'" + said(found.silences())));
            }
        }
        if (chosen.isEmpty() && wanted.isEmpty()) {
            problems.add(nothingFound(found.offered().isEmpty(), found.silences()));
        }
        return new ArrayList<>(chosen.values());
    }

    private boolean isWanted(OfferedDataset offer) {
        return (nodes.isEmpty() || nodes.contains(offer.node()))
                && (wanted.isEmpty() || wanted.contains(offer.participant()));
    }

    private static boolean isUsable(OfferedDataset offer, ExperimentEvents events) {
        if (!ExperimentYaml.DATASET_ID.matcher(offer.dataset().id()).matches()) {
            events.notice("node " + offer.node() + " offers a dataset with the id '"
                    + Text.shown(offer.dataset().id()) + "', which cannot be used; it is left out");
            return false;
        }
        return offer.trusted();
    }

    /** The silences say which tags there are. */
    private FedbiomedException nothingFound(boolean noMatch, List<String> silences) {
        if (!noMatch) {
            return ExperimentBuilder.wrong(
                    "datasets with the tags " + tags + " are offered, but by no node that you asked for"
                            + (nodes.isEmpty() ? "" : " (" + nodes + ")") + " and trust" + said(silences));
        }
        return ExperimentBuilder.wrong(String.join("\n  ", silences));
    }

    private static String said(List<String> silences) {
        return silences.isEmpty() ? "" : "\n  " + String.join("\n  ", silences);
    }

    private static void checkColumns(
            Participant participant,
            DatasetDescription dataset,
            PlanRequirements plan,
            List<FedbiomedException> problems) {
        var types = new TreeMap<String, ColumnType>();
        for (ColumnDescription column : dataset.columns()) {
            types.put(column.name(), column.type());
        }
        if (dataset.form() != plan.form()) {
            problems.add(unfit(participant + " is of kind " + Text.shown(dataset.kind()) + " (" + dataset.form()
                    + "), the plan reads " + plan.form()));
            return;
        }
        if (plan.form() == DataForm.FILES) {
            return; // what the plan's own reader finds in them shows at the node
        }
        var missing = new ArrayList<>(plan.columns());
        missing.removeAll(types.keySet());
        if (!missing.isEmpty()) {
            problems.add(unfit(participant + " has no column " + String.join(", ", missing) + "; it has "
                    + Text.shown(String.join(", ", types.keySet()), 1000)));
        }
        for (var input : plan.numbers()) {
            if (types.get(input) == ColumnType.TEXT || types.get(input) == ColumnType.CATEGORICAL) {
                problems.add(unfit(participant + " has text in the column '" + input
                        + "', which the plan takes for numbers; leave it out of the plan's inputs, or declare its"
                        + " categories: .oneHot(\"" + input + "\", ...)"));
            }
        }
    }

    /** What stands in an array's places, at the participant that was seen first. */
    private record ArrayContent(Participant participant, String content) {}

    /** A weight belongs to a variant, a gene or a channel: with other ones in its place, an average means nothing. */
    private static void checkContents(
            Participant participant,
            DatasetDescription dataset,
            PlanRequirements plan,
            Map<String, ArrayContent> contents,
            List<FedbiomedException> problems) {
        for (var column : dataset.columns()) {
            var content = column.content();
            // arrays that were prepared elsewhere say nothing
            if (content == null || !plan.columns().contains(column.name())) {
                continue;
            }
            var first = contents.putIfAbsent(column.name(), new ArrayContent(participant, content));
            if (first != null && !first.content.equals(content)) {
                problems.add(unfit("'" + Text.shown(column.name()) + "' does not stand for the same everywhere: "
                        + first.participant + " has '" + Text.shown(first.content, 300) + "', " + participant + " has '"
                        + Text.shown(content, 300) + "'"
                        + "; agree on one list and order with the data managers, or leave one of them out"));
            }
        }
    }

    private static FedbiomedException unfit(String text) {
        return new FedbiomedException(ErrorCode.DATA_UNFIT, text);
    }
}
