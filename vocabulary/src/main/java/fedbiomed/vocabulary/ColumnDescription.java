package fedbiomed.vocabulary;

/**
 * One column of a table, as it may leave the node: never a value of it.
 *
 * @param missing how many rows have no value here
 */
public record ColumnDescription(String name, ColumnType type, long missing) {}
