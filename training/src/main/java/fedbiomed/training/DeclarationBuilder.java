package fedbiomed.training;

import static fedbiomed.training.DeclarationProblem.requireDistinct;
import static fedbiomed.training.DeclarationProblem.requireThat;

import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes down what a plan says of its data, and checks it when all is said. */
final class DeclarationBuilder {
    final TableInputs columns = new TableInputs();
    final ArrayInputs arrays = new ArrayInputs();
    private final boolean ofArrays;
    private final List<String> targets = new ArrayList<>();
    private @Nullable List<String> classes;
    private @Nullable String event;
    private boolean regression;
    private boolean segmentation;
    private @Nullable String splitBy;
    private boolean stratified;

    /** @param ofArrays whether the dataset is one of arrays, not a table */
    DeclarationBuilder(boolean ofArrays) {
        this.ofArrays = ofArrays;
    }

    void regression() {
        regression = true;
    }

    void target(String column) {
        targets.add(column);
    }

    void survival(String time, String event) {
        target(time);
        this.event = event;
    }

    void classes(String[] names) {
        classes = List.of(names);
    }

    void segmentation(String[] names) {
        segmentation = true;
        classes = List.of(names);
    }

    void splitBy(String column) {
        splitBy = column;
    }

    void stratify() {
        stratified = true;
    }

    /** @throws FedbiomedException {@code PLAN_INVALID} saying what {@code data} lacks or contradicts */
    DataDeclaration build() {
        return ofArrays ? ofArrays() : ofTable();
    }

    private DataDeclaration ofTable() {
        requireThat(
                arrays.isEmpty(),
                "names an array of a table, or what is done to one; write .inputs(...), or dataset.tensors()");
        requireThat(!segmentation, "declares a segmentation of a table; a mask is an array: dataset.tensors()");
        var pipeline = columns.build();
        requireThat(!targets.isEmpty(), "names no target; write e.g. .target(\"disease\")");
        requireThat(targets.size() == 1, "names " + targets.size() + " targets; a table has one");
        requireTargets(columns.names());
        requireClasses();
        requireSurvival(targets.getFirst());
        requireSplit();
        return new DataDeclaration(
                pipeline,
                List.of(),
                targets,
                classes == null ? List.of() : classes,
                classes == null,
                false,
                event,
                Map.of(),
                splitBy,
                stratified);
    }

    private DataDeclaration ofArrays() {
        requireThat(
                columns.isEmpty(),
                "names, imputes, encodes or standardises columns, which arrays do not have; write .input(\"image\"), and"
                        + " scale with .scale(...) or .normalise(...)");
        requireThat(event == null, "declares survival times of arrays; they are columns of a table: dataset.table()");
        requireTargets(arrays.names());
        requireClasses();
        requireThat(
                classes == null && !regression || !targets.isEmpty(),
                "names classes or a regression but no target; write e.g. .target(\"label\")");
        requireThat(classes == null || !regression, "declares classes and a regression; leave one of the two out");
        requireSplit();
        var first = targets.isEmpty() ? null : targets.getFirst();
        var built = arrays.build(
                targets, (classes != null || regression) && !segmentation ? first : null, segmentation ? first : null);
        return new DataDeclaration(
                null,
                built.inputs(),
                targets,
                classes == null ? List.of() : classes,
                regression,
                segmentation,
                null,
                built.targetSteps(),
                splitBy,
                stratified);
    }

    private void requireTargets(List<String> inputs) {
        requireDistinct("target", targets);
        for (var target : targets) {
            requireThat(
                    !inputs.contains(target),
                    "has '" + Text.shown(target) + "' as input and as target; leave it out of the inputs");
        }
    }

    private void requireClasses() {
        if (classes == null) {
            return;
        }
        requireThat(
                classes.size() >= 2 && classes.size() <= DataDeclaration.MAX_CLASSES,
                "declares " + classes.size() + " classes; 2 to " + DataDeclaration.MAX_CLASSES
                        + " are allowed (for regression leave .classes(...) out)");
        requireDistinct("class", classes);
    }

    private void requireSurvival(String time) {
        if (event == null) {
            return;
        }
        requireThat(classes == null, "declares a survival time and classes; leave .classes(...) out");
        requireThat(
                !event.equals(time) && !columns.names().contains(event),
                "has '" + Text.shown(event) + "' as event and as something else; it is neither time nor input");
    }

    private void requireSplit() {
        requireThat(
                !stratified || classes != null && !segmentation || event != null,
                "stratifies, but its target has no classes of which each could have its share held out; write"
                        + " .classes(...), or leave .stratify() out");
        if (splitBy != null) {
            requireThat(!splitBy.isBlank(), "has a blank name of the column to split by");
            requireThat(
                    !targets.contains(splitBy) && !splitBy.equals(event),
                    "splits by '" + Text.shown(splitBy)
                            + "', its target: what is held out would be of other classes than what is learnt from; split by"
                            + " what names the patient");
        }
    }
}
