package fedbiomed.data.tabular;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Comparator;
import java.util.NoSuchElementException;
import java.util.PrimitiveIterator;
import java.util.PriorityQueue;

/** Sorts numbers that do not fit into memory: stretches of them in memory, each written out, then merged. */
final class SpilledSort {
    /** A merge looks at each stretch's beginning: not too many of them. */
    private static final int LEAST_AT_A_TIME = 1 << 10;

    private SpilledSort() {}

    static SortedNumbers of(Numbers column, int[] rows, Spill spill) {
        int atATime = (int) Math.clamp(spill.smallBytes() / Double.BYTES, LEAST_AT_A_TIME, 1 << 24);
        if (rows.length <= atATime) {
            return SortedNumbers.inMemory(column, rows);
        }
        spill.requireRoom((long) rows.length * Double.BYTES);
        var file = spill.create(Double.BYTES, 1);
        try {
            var runs = new PriorityQueue<Run>(Comparator.comparingDouble(run -> run.next));
            var some = new double[atATime];
            var ends = new long[(rows.length - 1) / atATime + 1];
            int stretches = 0;
            int held = 0;
            for (int i = 0; i < rows.length; i++) {
                double value = column.at(rows[i]);
                if (!Double.isNaN(value)) {
                    some[held++] = value;
                }
                if (held == atATime || i == rows.length - 1) {
                    write(some, held, file);
                    ends[stretches++] = file.records();
                    held = 0;
                }
            }
            long count = file.records();
            var values = count == 0 ? MemorySegment.NULL : file.map();
            for (int i = 0; i < stretches; i++) {
                long begin = i == 0 ? 0 : ends[i - 1];
                if (begin < ends[i]) {
                    runs.add(new Run(values, begin, ends[i]));
                }
            }
            return new SortedNumbers(count, new Merged(runs), () -> spill.remove(file));
        } catch (RuntimeException | Error e) {
            spill.remove(file);
            throw e;
        }
    }

    private static void write(double[] some, int count, SpillFile file) {
        Arrays.sort(some, 0, count);
        for (int i = 0; i < count; i++) {
            file.require(1);
            file.putDouble(0, 0, some[i]);
            file.end(1);
        }
    }

    private static final class Run {
        private final MemorySegment values;
        private final long end;
        private long at;
        private double next;

        Run(MemorySegment values, long begin, long end) {
            this.values = values;
            this.at = begin;
            this.end = end;
            this.next = values.get(SpilledColumn.REAL, begin * Double.BYTES);
        }

        /** @return whether there is another one */
        boolean advance() {
            if (++at == end) {
                return false;
            }
            next = values.get(SpilledColumn.REAL, at * Double.BYTES);
            return true;
        }
    }

    private record Merged(PriorityQueue<Run> runs) implements PrimitiveIterator.OfDouble {
        @Override
        public boolean hasNext() {
            return !runs.isEmpty();
        }

        @Override
        public double nextDouble() {
            var least = runs.poll();
            if (least == null) {
                throw new NoSuchElementException();
            }
            double value = least.next;
            if (least.advance()) {
                runs.add(least);
            }
            return value;
        }
    }
}
