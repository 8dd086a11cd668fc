package fedbiomed.data.genomics;

import fedbiomed.data.tabular.Table;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;

/**
 * Samples that have both genomic data and a row in a table of phenotypes. Those with one alone are left out and counted;
 * ids are compared as they are written, white space around them apart, and never repeated in a text.
 *
 * @param samples places of the matched samples among the genomic ones, ascending
 * @param rows for each of them its row of the table
 * @param withoutPhenotype how many samples have no row
 * @param withoutSample how many rows have no sample
 */
@SuppressWarnings("ArrayRecordComponent") // row numbers by the thousand, compared by nobody
public record SampleJoin(int[] samples, int[] rows, int withoutPhenotype, int withoutSample) {
    /**
     * @param ids of the genomic samples, each once
     * @param table with the column of ids among its columns
     * @throws FedbiomedException DATA_UNFIT with counts, and no id, if a row has no id, an id stands in several rows, or
     *     nothing matches
     */
    public static SampleJoin of(List<String> ids, Table table, String idColumn) {
        var texts = table.texts(idColumn);
        var places = new HashMap<String, Integer>();
        int missing = 0;
        int repeated = 0;
        for (int row = 0; row < texts.length; row++) {
            var text = texts[row];
            if (text == null) {
                missing++;
            } else if (places.putIfAbsent(text, row) != null) {
                repeated++;
            }
        }
        if (missing > 0 || repeated > 0) {
            throw new FedbiomedException(
                    ErrorCode.DATA_UNFIT,
                    "in the phenotype table's column of sample ids " + missing + " are missing and " + repeated
                            + " repeat an earlier row's; give each sample one row, with its id");
        }
        var stripped = ids.stream().map(String::strip).toList();
        if (new HashSet<>(stripped).size() != ids.size()) {
            throw new FedbiomedException(
                    ErrorCode.DATA_UNFIT, "sample ids of the genomic data repeat; give each one its own");
        }
        var samples = new int[Math.min(ids.size(), texts.length)];
        var rows = new int[samples.length];
        int matched = 0;
        for (int sample = 0; sample < ids.size(); sample++) {
            var row = places.get(stripped.get(sample));
            if (row != null) {
                samples[matched] = sample;
                rows[matched++] = row;
            }
        }
        if (matched == 0) {
            throw new FedbiomedException(
                    ErrorCode.DATA_UNFIT,
                    "none of the " + ids.size() + " samples has a row among the " + texts.length
                            + " of the phenotype table; are the ids written in the same way, and is it the right column?");
        }
        return new SampleJoin(
                Arrays.copyOf(samples, matched),
                Arrays.copyOf(rows, matched),
                ids.size() - matched,
                texts.length - matched);
    }
}
