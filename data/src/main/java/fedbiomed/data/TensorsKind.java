package fedbiomed.data;

import fedbiomed.data.tensors.TensorFile;
import fedbiomed.vocabulary.DatasetDescription;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/** Arrays of any shape in one safetensors file, samples first; shape (samples, arrays). */
final class TensorsKind implements DatasetKind {
    @Override
    public String name() {
        return DatasetKinds.TENSORS;
    }

    @Override
    public DatasetDescription describe(Path data, String id, String name, Collection<String> tags, String description) {
        var file = TensorFile.open(data);
        file.requireFinite();
        var columns = file.columns();
        return new DatasetDescription(
                id,
                name,
                name(),
                new TreeSet<>(tags),
                description,
                List.of((long) file.samples(), (long) columns.size()),
                columns,
                file.fingerprint());
    }
}
