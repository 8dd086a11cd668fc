package fedbiomed.data.tabular;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Columns of CSV files with one header, read into a {@link Spill}: those of numbers in one go, the others in a second.
 *
 * @param header of all files
 */
record SpilledCsv(List<Path> files, List<String> header, DeclaredTypes types, Spill spill) {
    Table read(Collection<String> columns) {
        var names = new ArrayList<>(new LinkedHashSet<>(columns));
        for (var name : names) {
            if (!header.contains(name)) {
                throw Table.noSuchColumn(spill.problem(), name, header);
            }
        }
        var numbers =
                numbers(names.stream().filter(name -> types.of(name) == null).toList());
        var others = names.stream().filter(name -> !numbers.containsKey(name)).toList();
        var texts = others.isEmpty() ? new LinkedHashMap<String, SpilledText>() : texts(others);
        var read = new LinkedHashMap<String, TableColumn>();
        for (var name : names) {
            var column = numbers.get(name);
            read.put(name, column == null ? texts.get(name) : column);
        }
        int rows = read.firstEntry().getValue().numberView().rows();
        for (var column : read.values()) {
            if (column.numberView().rows() != rows) {
                throw changed();
            }
        }
        return new Table(spill.problem(), rows, read, spill);
    }

    private FedbiomedException changed() {
        return new FedbiomedException(
                ErrorCode.DATASET_CHANGED,
                spill.problem().of("it changed while it was read; try again").text());
    }

    private SequencedMap<String, SpilledColumn.Plain> numbers(List<String> candidates) {
        var found = new LinkedHashMap<String, SpilledColumn.Plain>();
        if (candidates.isEmpty()) {
            return found;
        }
        var writer = new NumberWriter(candidates.size(), bytes());
        try {
            for (var file : files) {
                if (!PlainCsv.read(file, Separator.of(file), header, candidates, writer)) {
                    writer.drop();
                    return found;
                }
            }
        } catch (RuntimeException | Error e) {
            writer.drop();
            throw e;
        }
        writer.finish(candidates, found);
        return found;
    }

    private long bytes() {
        long bytes = 0;
        for (var file : files) {
            try {
                bytes += Files.size(file);
            } catch (IOException e) {
                throw new CsvProblem(file).unreadable(e);
            }
        }
        return bytes;
    }

    /** Writes blocks of columns row by row. */
    private final class NumberWriter implements Consumer<CsvBlock> {
        private final boolean[] dropped;
        private final boolean[] whole;
        private final boolean[] canonical;
        private final boolean[] empty;
        private final long inputBytes;
        /** Of each candidate its place in a record, -1 where the first block shows that it is none. */
        private final int[] offsets;

        private @Nullable SpillFile file;

        NumberWriter(int candidates, long inputBytes) {
            this.dropped = new boolean[candidates];
            this.whole = filled(candidates);
            this.canonical = filled(candidates);
            this.empty = filled(candidates);
            this.offsets = new int[candidates];
            this.inputBytes = inputBytes;
        }

        private static boolean[] filled(int length) {
            var all = new boolean[length];
            Arrays.fill(all, true);
            return all;
        }

        @Override
        public void accept(CsvBlock block) {
            var into = file == null ? begin(block) : file;
            if (into == null) {
                return;
            }
            if (into.records() + block.rows() > Integer.MAX_VALUE - 8) {
                throw spill.problem().of("it has more than 2^31 rows; split it");
            }
            var values = new double @Nullable [offsets.length][];
            for (int i = 0; i < offsets.length; i++) {
                values[i] = offsets[i] < 0 ? null : block.values(i);
                dropped[i] |= values[i] == null;
                whole[i] &= block.whole(i);
                canonical[i] &= block.canonical(i);
                empty[i] &= block.missing(i);
            }
            for (int row = 0; row < block.rows(); row++) {
                into.require(1);
                for (int i = 0; i < offsets.length; i++) {
                    var column = values[i];
                    if (column != null) {
                        into.putDouble(0, offsets[i], column[row]);
                    }
                }
                into.end(1);
            }
        }

        private @Nullable SpillFile begin(CsvBlock first) {
            int columns = 0;
            for (int i = 0; i < offsets.length; i++) {
                offsets[i] = first.values(i) == null ? -1 : Double.BYTES * columns++;
            }
            if (columns == 0) {
                return null;
            }
            file = spill.create(Double.BYTES * columns, 1);
            // the first block tells how long rows are
            long promised = first.rows() * (inputBytes / PlainCsv.BLOCK_BYTES);
            spill.requireRoom(promised * Double.BYTES * columns);
            return file;
        }

        void drop() {
            if (file != null) {
                spill.remove(file);
            }
        }

        void finish(List<String> candidates, SequencedMap<String, SpilledColumn.Plain> found) {
            var written = file;
            if (written == null || written.records() == 0) {
                return;
            }
            var memory = written.map();
            int rows = (int) written.records();
            for (int i = 0; i < offsets.length; i++) {
                if (!dropped[i]) {
                    var name = candidates.get(i);
                    var at = new SpilledColumn(spill, memory, written.recordBytes(), offsets[i], rows);
                    found.put(
                            name,
                            new SpilledColumn.Plain(
                                    at,
                                    NumberBlocks.type(whole[i], empty[i]),
                                    canonical[i],
                                    new TextsAgain(name, rows)));
                }
            }
        }
    }

    /** The texts of a column of numbers, from the files once more, and only once. */
    private final class TextsAgain implements Supplier<Texts> {
        private final String name;
        private final int rows;
        private @Nullable Texts texts;

        TextsAgain(String name, int rows) {
            this.name = name;
            this.rows = rows;
        }

        @Override
        public synchronized Texts get() {
            var read = texts;
            if (read == null) {
                read = Objects.requireNonNull(texts(List.of(name)).get(name)).textView();
                if (read.rows() != rows) {
                    throw changed();
                }
                texts = read;
            }
            return read;
        }
    }

    private SequencedMap<String, SpilledText> texts(List<String> names) {
        var file = spill.create(Math.multiplyExact(SpilledText.BYTES, names.size()), 1);
        var columns = new LinkedHashMap<String, SpilledText>();
        for (var name : names) {
            columns.put(name, new SpilledText(name, types.of(name), spill, file, SpilledText.BYTES * columns.size()));
        }
        long rows = 0;
        for (int i = 0; i < files.size(); i++) {
            file.require(1);
            rows += CsvFile.readInto(files.get(i), columns, i * CsvProblem.FILE, () -> {
                file.end(1);
                file.require(1);
            });
            if (rows > Integer.MAX_VALUE - 8) {
                throw spill.problem().of("it has more than 2^31 rows; split it");
            }
        }
        finish(columns, file.map(), (int) rows);
        return columns;
    }

    private void finish(SequencedMap<String, SpilledText> columns, MemorySegment memory, int rows) {
        columns.forEach((name, column) -> column.finish(memory, rows, types.of(name) != null));
    }
}
