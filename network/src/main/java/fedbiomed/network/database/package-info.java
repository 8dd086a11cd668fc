/** A SQLite file with a versioned schema. Knows no table: those belong to who opens it. */
@NullMarked
package fedbiomed.network.database;

import org.jspecify.annotations.NullMarked;
