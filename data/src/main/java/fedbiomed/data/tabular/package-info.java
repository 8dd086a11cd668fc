/**
 * Tables: CSV files, checked strictly, and their columns in memory. Start at {@link fedbiomed.data.tabular.CsvFile}. An
 * error here names file, line and column, and never a cell's value. No statistics and no imputation: see
 * {@code preprocessing}.
 */
@NullMarked
package fedbiomed.data.tabular;

import org.jspecify.annotations.NullMarked;
