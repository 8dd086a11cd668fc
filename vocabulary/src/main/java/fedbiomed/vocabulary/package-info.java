/** The plain records that every room speaks of: parties, datasets, arguments, metrics. Imports no other room. */
@NullMarked
package fedbiomed.vocabulary;

import org.jspecify.annotations.NullMarked;
