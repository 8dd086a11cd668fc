package fedbiomed.training;

import fedbiomed.data.source.SampleSource;
import fedbiomed.data.source.StoredDataset;
import fedbiomed.data.tabular.Table;
import fedbiomed.data.tabular.TableSpace;
import java.util.List;

/** What was read last, kept for the next job on the same files; a plan reads tables or arrays, as its declaration says. */
record KeptData(KeptTable tables, KeptArrays arrays) implements AutoCloseable {
    /** @param space where tables lie */
    KeptData(TableSpace space) {
        this(new KeptTable(space), new KeptArrays());
    }

    TableSpace space() {
        return tables.space();
    }

    /** As {@link KeptTable#read}. */
    Table read(StoredDataset data, List<String> columns) {
        return tables.read(data, columns);
    }

    /** As {@link KeptArrays#open}. */
    SampleSource open(StoredDataset data) {
        return arrays.open(data);
    }

    /** As {@link KeptTable#close}. */
    @Override
    public void close() {
        tables.close();
    }
}
