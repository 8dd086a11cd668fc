package fedbiomed.researcher;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.Text;
import fedbiomed.vocabulary.TextTable;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What the federation offers, as far as it answered.
 *
 * @param offered by node and id
 * @param silences what a person should know of nodes that did not answer, or answered that they cannot
 */
public record Datasets(List<OfferedDataset> offered, List<String> silences) {
    private static final int MAX_TAGS_CHARS = 1000;

    public Datasets {
        offered = List.copyOf(offered);
        silences = List.copyOf(silences);
    }

    public SortedSet<String> tags() {
        var tags = new TreeSet<String>();
        offered.forEach(o -> tags.addAll(o.dataset().tags()));
        return tags;
    }

    /** This empty answer to a question for {@code asked}, with a word on what {@code all} there is. */
    Datasets withTagsOf(Datasets all, List<String> asked) {
        var tags = all.tags();
        var there = tags.isEmpty()
                ? "no dataset with tags is offered at all"
                : "there are the tags " + Text.shown(String.join(", ", tags), MAX_TAGS_CHARS);
        var said = new ArrayList<>(List.of("no dataset has all the tags " + asked + "; " + there));
        said.addAll(all.silences());
        return new Datasets(offered, said);
    }

    /**
     * The one of that node and id.
     *
     * @throws FedbiomedException DATASET_UNKNOWN naming those that are offered
     */
    public OfferedDataset get(Participant participant) {
        return offered.stream()
                .filter(offer -> offer.participant().equals(participant))
                .findFirst()
                .orElseThrow(() -> new FedbiomedException(
                        ErrorCode.DATASET_UNKNOWN,
                        "the dataset " + Text.shown(participant.toString()) + " is not offered; "
                                + (offered.isEmpty()
                                        ? "none is"
                                        : "there are "
                                                + Text.shown(
                                                        String.join(
                                                                ", ",
                                                                offered.stream()
                                                                        .map(offer -> offer.participant()
                                                                                .toString())
                                                                        .toList()),
                                                        MAX_TAGS_CHARS))
                                + (silences.isEmpty() ? "" : "\n  " + String.join("\n  ", silences))));
    }

    /** Writes a table to standard output. */
    public void print() {
        print(System.out);
    }

    public void print(PrintStream out) {
        out.println(table());
    }

    /** An aligned table, and the silences; without a line end. */
    public String table() {
        var lines = new ArrayList<String>();
        if (offered.isEmpty()) {
            lines.add("No dataset is offered.");
        } else {
            lines.addAll(rows().lines());
        }
        lines.addAll(silences);
        return String.join("\n", lines);
    }

    private TextTable rows() {
        var table =
                new TextTable("NODE", "DATASET", "NAME", "KIND", "ROWS", "COLUMNS", "TAGS", "LOADING PLAN", "TRUSTED");
        for (var offer : offered) {
            var dataset = offer.dataset();
            var plan = dataset.loadingPlan();
            table.row(
                    offer.node(),
                    dataset.id(),
                    dataset.name(),
                    dataset.kind(),
                    dataset.rows(),
                    dataset.columns().size(),
                    String.join(", ", dataset.tags()),
                    plan == null ? "" : plan.name(),
                    offer.trusted() ? "yes" : "no");
        }
        return table;
    }
}
