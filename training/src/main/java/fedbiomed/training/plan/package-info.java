/** A plan's text, its identity, and how it becomes a class: nothing here knows models or data. */
@NullMarked
package fedbiomed.training.plan;

import org.jspecify.annotations.NullMarked;
