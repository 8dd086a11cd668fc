/**
 * {@code fedbiomed demo}: a whole federation on one machine, by the same commands and the same doors as everybody else.
 * Nothing of the product may depend on it.
 */
@NullMarked
package fedbiomed.cli.demo;

import org.jspecify.annotations.NullMarked;
