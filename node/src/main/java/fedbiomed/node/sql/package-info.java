/**
 * Tables that a database has: a query that only reads is run by the node, outside of any sandbox, into a Parquet file
 * that workers read. Start at {@link fedbiomed.node.sql.SqlSource}; what is registered is the {@code registry}'s matter.
 */
@NullMarked
package fedbiomed.node.sql;

import org.jspecify.annotations.NullMarked;
