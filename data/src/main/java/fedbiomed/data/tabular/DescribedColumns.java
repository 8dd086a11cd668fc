package fedbiomed.data.tabular;

import fedbiomed.vocabulary.ColumnDescription;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** What is learnt of a table's columns while its rows pass by. */
final class DescribedColumns {
    private final List<String> names;
    private final List<TypeInference> inferences = new ArrayList<>();

    /** @throws fedbiomed.vocabulary.FedbiomedException UNSUPPORTED if a column is declared that is not there */
    DescribedColumns(List<String> names, DeclaredTypes types, CsvProblem problem) {
        types.requireIn(new HashSet<>(names), problem);
        this.names = names;
        names.forEach(name -> inferences.add(new TypeInference(types.of(name))));
    }

    /** Reads all rows; returns how many there were. */
    long accept(CsvRows csv) {
        return accept(csv, 0);
    }

    /** @param offset added to the lines' numbers */
    long accept(CsvRows csv, long offset) {
        return csv.forEach((fields, line) -> {
            for (int i = 0; i < inferences.size(); i++) {
                var value = fields.get(i).strip();
                inferences.get(i).accept(MissingValues.isMissing(value) ? null : value, offset + line);
            }
        });
    }

    /** @throws fedbiomed.vocabulary.FedbiomedException DATA_UNFIT if one has infinities, or is not what is declared */
    List<ColumnDescription> columns(CsvProblem problem) {
        var columns = new ArrayList<ColumnDescription>();
        for (int i = 0; i < names.size(); i++) {
            columns.add(inferences.get(i).described(names.get(i), problem));
        }
        return columns;
    }
}
