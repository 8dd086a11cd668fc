package fedbiomed.data;

import fedbiomed.data.loading.LoadedColumn;
import fedbiomed.data.loading.LoadingPlan;
import fedbiomed.data.source.DatasetContent;
import fedbiomed.data.source.ReadProgress;
import fedbiomed.data.source.StoredDataset;
import fedbiomed.data.tabular.Table;
import fedbiomed.data.tabular.TableSpace;
import fedbiomed.vocabulary.ColumnDescription;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A dataset that is a table, under a loading plan. */
record LoadedTable(TableKind kind, StoredDataset data, LoadingPlan plan) {
    /** As {@link DatasetKind#describe}, under the agreed names and with the types of the agreed values. */
    DatasetContent describe(ReadProgress progress) {
        var own = kind.describe(data, progress);
        var byName = own.columns().stream().collect(Collectors.toMap(ColumnDescription::name, Function.identity()));
        var columns =
                plan.over(own.columns().stream().map(ColumnDescription::name).toList());
        var recoded = recoded(columns);
        var described = new ArrayList<ColumnDescription>();
        for (var column : columns) {
            described.add(Objects.requireNonNullElseGet(
                    recoded.get(column.name()),
                    () -> Objects.requireNonNull(byName.get(column.from())).named(column.name())));
        }
        return new DatasetContent(own.samples(), described, plan.fingerprint(own.fingerprint()));
    }

    private Map<String, ColumnDescription> recoded(List<LoadedColumn> columns) {
        var names = columns.stream()
                .filter(LoadedColumn::isRecoded)
                .map(LoadedColumn::name)
                .toList();
        if (names.isEmpty()) {
            return Map.of();
        }
        var table = read(names, TableSpace.inMemory());
        return names.stream().collect(Collectors.toMap(Function.identity(), name -> {
            long missing =
                    Arrays.stream(table.texts(name)).filter(Objects::isNull).count();
            return new ColumnDescription(name, table.type(name), missing);
        }));
    }

    /** @param names the agreed ones */
    Table read(List<String> names, TableSpace space) {
        var from = new LinkedHashMap<String, String>();
        var recoded = new ArrayList<LoadedColumn>();
        for (var name : names) {
            var column = plan.find(name);
            if (column == null) {
                throw new FedbiomedException(
                        ErrorCode.DATA_UNFIT,
                        "there is no column '" + Text.shown(name) + "' under the loading plan '" + plan.name()
                                + "'; 'fedbiomed datasets' shows which there are");
            }
            from.put(name, column.from());
            if (column.isRecoded()) {
                recoded.add(column);
            }
        }
        var table = own(new ArrayList<>(from.values()), space).renamed(from);
        try {
            for (var column : recoded) {
                var recoding = column.recoding();
                table = table.withValues(column.name(), recoding);
                recoding.requireKnown();
            }
            return table;
        } catch (RuntimeException | Error e) {
            table.close();
            throw e;
        }
    }

    private Table own(List<String> columns, TableSpace space) {
        try {
            return kind.read(data, columns, space);
        } catch (FedbiomedException e) {
            // names the node's own columns, which are not told to researchers: that is for the node's log
            throw new FedbiomedException(
                    e.code(),
                    "the columns cannot be read under the loading plan '" + plan.name()
                            + "'; 'fedbiomed datasets' shows which there are, and the node's log what is wrong",
                    e);
        }
    }
}
