package fedbiomed.node.command;

import fedbiomed.vocabulary.Text;
import java.util.List;

/** A plan's text as it is shown to the data manager: what could make it look like another text shows as {@code ?}. */
record PlanText(List<String> lines, boolean hasHidden) {
    private static final String TAB = "    ";

    static PlanText of(String text) {
        var plain = text.lines().map(line -> line.replace("\t", TAB)).toList();
        var shown = plain.stream().map(line -> Text.shown(line, line.length())).toList();
        return new PlanText(shown, !shown.equals(plain));
    }

    /** Empty where there is nothing to warn of. */
    String warning() {
        return hasHidden
                ? "WARNING: the text has control or formatting characters, shown as '?'. Such characters can make code look"
                        + " like other code."
                : "";
    }
}
