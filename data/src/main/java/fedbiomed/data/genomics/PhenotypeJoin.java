package fedbiomed.data.genomics;

import fedbiomed.data.file.FileProblem;
import fedbiomed.data.source.DataFolder;
import fedbiomed.data.tabular.KeyedTable;
import fedbiomed.data.tabular.SampleTable;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.util.HashSet;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Genomic samples joined to a table of phenotypes by their ids, which are compared as they are written, white space around
 * them apart. They are patients: errors count them.
 *
 * @param samples places of those in the dataset among the genomic ones, ascending
 * @param table their phenotypes
 * @param leftOut how many have no row in it
 */
@SuppressWarnings("ArrayRecordComponent") // places by the thousand, compared by nobody
record PhenotypeJoin(int[] samples, SampleTable table, int leftOut) {
    static final String KEY = "key";
    static final String KEY_EXPLAINED = "its column with the samples' ids (without it the first)";
    static final String UNMATCHED = "unmatched";
    static final String UNMATCHED_EXPLAINED =
            "refuse (without it) or leave-out: samples that have no row in that table";

    /**
     * @param file the table within the folder; {@code null}: there is none, and all samples are in the dataset
     * @param hint what else may be wrong if no id is there; a sentence after a blank, or empty
     * @throws FedbiomedException DATA_UNFIT with counts, and no id, if samples have no row or an id is there twice
     */
    static PhenotypeJoin of(
            DataFolder folder,
            @Nullable String file,
            SortedMap<String, String> settings,
            List<String> ids,
            String hint) {
        boolean leaveOut = Choice.of(settings, UNMATCHED, "refuse", "leave-out").equals("leave-out");
        if (file == null) {
            for (var setting : List.of(KEY, UNMATCHED)) {
                if (settings.containsKey(setting)) {
                    throw Choice.unfit(
                            "the setting '" + setting + "' is about a table of the samples, and the folder holds"
                                    + " none; put it there, or leave the setting out");
                }
            }
            return new PhenotypeJoin(IntStream.range(0, ids.size()).toArray(), SampleTable.none(), 0);
        }
        var keyed = KeyedTable.read(folder.path(file), settings.getOrDefault(KEY, ""));
        var problem = new FileProblem(folder.path(file));
        var stripped = ids.stream().map(String::strip).toList();
        if (new HashSet<>(stripped).size() != ids.size()) {
            throw problem.of("samples have ids that differ in white space alone; give each one its own");
        }
        var matched = IntStream.range(0, ids.size())
                .filter(i -> keyed.has(stripped.get(i)))
                .toArray();
        if (matched.length == 0 || matched.length < ids.size() && !leaveOut) {
            throw problem.of((ids.size() - matched.length) + " of " + ids.size()
                    + " samples have no row with their id; are the ids written in the same way, and is it the right column"
                    + " ('" + KEY + "')?"
                    + (matched.length == 0
                            ? hint
                            : " Add the rows, or set '" + UNMATCHED + "' to leave-out to do without these samples"));
        }
        return new PhenotypeJoin(
                matched,
                keyed.rows(IntStream.of(matched).mapToObj(ids::get).toList(), "sample"),
                ids.size() - matched.length);
    }

    /** @throws FedbiomedException DATA_UNFIT if the table has a column of the array's name */
    void requireFree(String array) {
        table.requireFree(Text.shown(array));
    }
}
