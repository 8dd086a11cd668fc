/** Measurements that a person starts ({@code benchmarks/run}); nothing of the product uses them, and no test asserts a time. */
@NullMarked
package fedbiomed.benchmarks;

import org.jspecify.annotations.NullMarked;
