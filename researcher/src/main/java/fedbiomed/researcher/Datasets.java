package fedbiomed.researcher;

import fedbiomed.researcher.report.TextTable;
import fedbiomed.vocabulary.Text;
import java.io.PrintStream;
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
    public Datasets {
        offered = List.copyOf(offered);
        silences = List.copyOf(silences);
    }

    public SortedSet<String> tags() {
        var tags = new TreeSet<String>();
        offered.forEach(o -> tags.addAll(o.dataset().tags()));
        return tags;
    }

    /** Writes a table to standard output. */
    public void print() {
        print(System.out);
    }

    public void print(PrintStream out) {
        if (offered.isEmpty()) {
            out.println("No dataset is offered.");
        } else {
            var table = new TextTable("NODE", "DATASET", "NAME", "KIND", "ROWS", "COLUMNS", "TAGS", "TRUSTED");
            for (var offer : offered) {
                var dataset = offer.dataset();
                table.row(
                        offer.node().value(),
                        Text.shown(dataset.id()),
                        Text.shown(dataset.name()),
                        Text.shown(dataset.kind()),
                        "" + dataset.rows(),
                        "" + dataset.columns().size(),
                        Text.shown(String.join(", ", dataset.tags())),
                        offer.trusted() ? "yes" : "no");
            }
            table.print(out);
        }
        silences.forEach(out::println);
    }
}
