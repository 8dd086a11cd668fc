package fedbiomed.data.tabular;

import fedbiomed.vocabulary.ColumnType;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A column of any type in a {@link SpillFile}: of each value what it is as a number, and the number of its text in a
 * dictionary, which is in memory.
 */
final class SpilledText implements SpilledColumn.Spilled, ColumnSink {
    /** Of a record: a double, then an int. */
    static final int BYTES = Double.BYTES + Integer.BYTES;

    private final String name;
    private final Spill spill;
    private final SpillFile file;
    private final int offset;
    private final TypeInference inference;
    private @Nullable TextDictionary dictionary = new TextDictionary();
    private long dictionaryBytes;
    private boolean numbersSoFar = true;
    private @Nullable SpilledColumn place;

    /**
     * @param declared {@code null} if its values tell its type
     * @param offset in each record of {@code file}
     */
    SpilledText(String name, @Nullable DeclaredType declared, Spill spill, SpillFile file, int offset) {
        this.name = name;
        this.spill = spill;
        this.file = file;
        this.offset = offset;
        this.inference = new TypeInference(declared);
    }

    @Override
    public void addValue(@Nullable String value, long line) {
        addValue(0, value, line);
    }

    /** @param record of those that {@link #file} has room for */
    void addValue(int record, @Nullable String value, long line) {
        inference.accept(value, line);
        double number = numbersSoFar ? SpilledColumn.number(value) : Double.NaN;
        numbersSoFar &= value == null || !Double.isNaN(number);
        file.putDouble(record, offset, number);
        file.putInt(record, offset + Double.BYTES, value == null ? CodedTexts.MISSING : code(value));
    }

    private int code(String value) {
        var known = dictionary;
        if (known == null) {
            return CodedTexts.MISSING;
        }
        int code = known.code(value);
        long more = known.bytes() - dictionaryBytes;
        if (more > 0) {
            dictionaryBytes += more;
            if (!spill.takeMemory(more)) {
                // of numbers the texts are seldom asked for
                giveUpDictionary();
            }
        }
        return code;
    }

    private void giveUpDictionary() {
        dictionary = null;
        spill.takeMemory(-dictionaryBytes);
        requireDictionary(!isText());
    }

    private boolean isText() {
        return "".equals(obstacle());
    }

    private void requireDictionary(boolean has) {
        if (!has) {
            throw spill.problem()
                    .of("column '" + Text.shown(name) + "' has so many different values that they take more than the "
                            + (spill.dictionaryBytes() >> 10)
                            + " KiB of the worker's memory that there are for them; leave the column out of the plan, or (the"
                            + " data manager) raise 'worker_heap' and 'worker_memory' in the node's config.yaml");
        }
    }

    /** @throws FedbiomedException DATA_UNFIT if it is text of too many different values, or not as declared */
    void finish(MemorySegment memory, int rows, boolean isDeclared) {
        if (isDeclared) {
            inference.requireSound(name, spill.problem());
        }
        if (dictionary != null) {
            dictionary.complete();
        }
        requireDictionary(dictionary != null || !isText());
        place = new SpilledColumn(spill, memory, file.recordBytes(), offset, rows);
    }

    private SpilledColumn place() {
        return Objects.requireNonNull(place, "not all values are there yet");
    }

    @Override
    public ColumnType type() {
        return inference.type();
    }

    @Override
    public @Nullable String obstacle() {
        return Column.obstacle(inference);
    }

    @Override
    public long firstInfinity() {
        return inference.firstInfinity();
    }

    @Override
    public Numbers numberView() {
        return place().reals();
    }

    @Override
    public Texts textView() {
        requireDictionary(dictionary != null);
        return new Coded(place(), Objects.requireNonNull(dictionary));
    }

    private record Coded(SpilledColumn at, TextDictionary dictionary) implements CodedTexts {
        @Override
        public int rows() {
            return at.rows();
        }

        @Override
        public int code(int row) {
            return at.code(row, Double.BYTES);
        }

        @Override
        public int codes() {
            return dictionary.size();
        }

        @Override
        public @Nullable String at(int row) {
            int code = code(row);
            return code == MISSING ? null : dictionary.text(code);
        }
    }
}
