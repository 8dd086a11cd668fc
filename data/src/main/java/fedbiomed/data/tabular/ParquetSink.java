package fedbiomed.data.tabular;

import fedbiomed.vocabulary.ColumnDescription;
import fedbiomed.vocabulary.ColumnDetail;
import fedbiomed.vocabulary.ColumnType;
import org.duckdb.DuckDBReadableVector;
import org.jspecify.annotations.Nullable;

/** Where a Parquet file's column goes, some thousand values at a time. */
interface ParquetSink {
    /** @param firstRow row of the first value, from 0 */
    void accept(DuckDBReadableVector values, long firstRow);

    /** What a column of text is. */
    static DeclaredType declared(@Nullable DeclaredType declared) {
        return declared == null ? ParquetColumn.AS_TEXT : declared;
    }

    /** An infinite number is told with its row, counted from 1. */
    static double finite(double value, long row, String column, CsvProblem problem) {
        if (Double.isInfinite(value)) {
            throw Table.infinities(problem, column, row + 1);
        }
        return value;
    }

    /** Kept in memory. */
    interface Kept extends ParquetSink {
        TableColumn column();
    }

    /** Numbers, 8 bytes each. */
    final class Numbers implements Kept {
        private final ParquetColumn column;
        private final NumberColumn.Builder numbers;
        private final CsvProblem problem;

        Numbers(ParquetColumn column, int rows, CsvProblem problem) {
            this.column = column;
            this.numbers = new NumberColumn.Builder(column.type(), rows);
            this.problem = problem;
        }

        @Override
        public void accept(DuckDBReadableVector values, long firstRow) {
            boolean real = column.type() == ColumnType.REAL;
            for (long i = 0; i < values.rowCount(); i++) {
                if (values.isNull(i)) {
                    numbers.addMissing();
                } else if (real) {
                    numbers.add(finite(values.getDouble(i), firstRow + i, column.name(), problem));
                } else {
                    numbers.add(values.getLong(i));
                }
            }
        }

        @Override
        public TableColumn column() {
            return numbers.build();
        }
    }

    /** Text, or what the data manager declares to be something else. */
    final class Texts implements Kept {
        private final ParquetColumn column;
        private final Column text;
        private final CsvProblem problem;

        Texts(ParquetColumn column, Column text, CsvProblem problem) {
            this.column = column;
            this.text = text;
            this.problem = problem;
        }

        @Override
        public void accept(DuckDBReadableVector values, long firstRow) {
            try {
                for (long i = 0; i < values.rowCount(); i++) {
                    text.addValue(values.isNull(i) ? null : values.getString(i), firstRow + i + 1);
                }
            } catch (ArithmeticException _) {
                throw problem.of("a column has more text than fits in memory (2^31 bytes); split the file");
            }
        }

        @Override
        public TableColumn column() {
            text.inference().requireSound(column.name(), problem);
            return text;
        }
    }

    /** Looked at and not kept. */
    final class Seen implements ParquetSink {
        private final ParquetColumn column;
        private final TypeInference inference;
        private final CsvProblem problem;
        private long missing;

        Seen(ParquetColumn column, @Nullable DeclaredType declared, CsvProblem problem) {
            this.column = column;
            this.inference = new TypeInference(ParquetSink.declared(declared));
            this.problem = problem;
        }

        @Override
        public void accept(DuckDBReadableVector values, long firstRow) {
            for (long i = 0; i < values.rowCount(); i++) {
                boolean none = values.isNull(i);
                missing += none ? 1 : 0;
                if (column.type() == ColumnType.TEXT) {
                    inference.accept(none ? null : values.getString(i), firstRow + i + 1);
                } else if (column.type() == ColumnType.REAL && !none) {
                    finite(values.getDouble(i), firstRow + i, column.name(), problem);
                }
            }
        }

        /** @param rows of the whole table */
        ColumnDescription described(long rows) {
            if (column.type() == ColumnType.TEXT) {
                var described = inference.described(column.name(), problem);
                if (described.type() != ColumnType.TEXT || missing < rows) {
                    return described;
                }
            }
            if (missing == rows) {
                return new ColumnDescription(column.name(), ColumnType.EMPTY, missing);
            }
            return column.type() == ColumnType.DATE
                    ? new ColumnDescription(column.name(), ColumnDetail.DATE, missing)
                    : new ColumnDescription(column.name(), column.type(), missing);
        }
    }
}
