package fedbiomed.data.medical;

import fedbiomed.data.tabular.KeyedTable;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which subjects have all that a sample needs: an image of every modality, and a row of the demographics where there are any.
 *
 * @param key the demographics' column with the subjects' folders; empty for the first
 */
record Completeness(Scans scans, Path folder, @Nullable String demographics, String key) {
    private static final String ROW = "a row in the demographics";

    /** Samples in their order, and what was noticed. */
    record Subjects(List<String> names, List<String> notes) {}

    /** @throws FedbiomedException DATA_UNFIT if some lack something and are not left out, or none is left */
    Subjects complete(boolean leaveOut) {
        var notes = new ArrayList<String>();
        var lacking = lacking(notes);
        var names = scans.files().keySet().stream()
                .filter(name -> !lacking.containsKey(name))
                .toList();
        if (!lacking.isEmpty()) {
            var who = lacking.size() + " of " + scans.files().size() + " "
                    + (scans.hasSessions() ? "subjects' sessions" : "subjects") + " lack something: " + shown(lacking);
            if (!leaveOut || names.isEmpty()) {
                throw new FedbiomedException(
                        ErrorCode.DATA_UNFIT,
                        who + ". Complete them, say which modalities are read with the setting 'modalities', "
                                + (names.isEmpty()
                                        ? "or which column names the subjects' folders ("
                                                + Scans.shown(scans.files().keySet().stream()
                                                        .limit(1)
                                                        .toList())
                                                + ") with the setting 'key': no subject is complete"
                                        : "or leave these subjects out with missing=leave-out"));
            }
            notes.add("left out: " + who);
        }
        return new Subjects(names, notes);
    }

    private SortedMap<String, List<String>> lacking(List<String> notes) {
        var lacking = new TreeMap<String, List<String>>(scans.lacking());
        if (demographics == null) {
            return lacking;
        }
        var rows = KeyedTable.read(folder.resolve(demographics), key).keys();
        var without = new TreeSet<>(rows);
        for (var name : scans.files().keySet()) {
            var subject = MedicalFolder.subject(name);
            without.remove(subject);
            if (!rows.contains(subject)) {
                var also = new ArrayList<>(lacking.getOrDefault(name, List.of()));
                also.add(ROW);
                lacking.put(name, also);
            }
        }
        if (!without.isEmpty()) {
            notes.add(without.size() + " rows of " + Text.shown(demographics) + " belong to no subject in the folder: "
                    + Scans.shown(without));
        }
        return lacking;
    }

    private static String shown(SortedMap<String, List<String>> lacking) {
        return Scans.shown(lacking.entrySet().stream()
                .map(entry -> entry.getKey() + " (" + Scans.shown(entry.getValue()) + ")")
                .toList());
    }
}
