package fedbiomed.data;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The kinds of dataset that this version knows. */
public final class DatasetKinds {
    /** A table in a CSV file. */
    public static final String CSV = "csv";
    /** Arrays of any shape in a safetensors file, samples first. */
    public static final String TENSORS = "tensors";

    private static final SortedMap<String, DatasetKind> KINDS =
            Collections.unmodifiableSortedMap(byName(new CsvKind(), new TensorsKind()));

    private DatasetKinds() {}

    private static SortedMap<String, DatasetKind> byName(DatasetKind... kinds) {
        var byName = new TreeMap<String, DatasetKind>();
        for (var kind : kinds) {
            byName.put(kind.name(), kind);
        }
        return byName;
    }

    /**
     * The kind of that name.
     *
     * @throws FedbiomedException UNSUPPORTED naming the kinds that there are
     */
    public static DatasetKind get(String name) {
        var kind = KINDS.get(name);
        if (kind == null) {
            throw new FedbiomedException(
                    ErrorCode.UNSUPPORTED,
                    "there is no kind of dataset '" + Text.shown(name) + "'; known are " + String.join(", ", names()));
        }
        return kind;
    }

    public static SortedSet<String> names() {
        return Collections.unmodifiableSortedSet(new TreeSet<>(KINDS.keySet()));
    }
}
