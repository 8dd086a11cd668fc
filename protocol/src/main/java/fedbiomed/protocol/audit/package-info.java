/**
 * What happened at a node or a Network, for those who must be able to prove it: an append-only log whose lines are
 * chained by their hashes. Here are the log, its lines and its verification; who records what stands with those who do
 * it. Nothing of a dataset but its id, no path, no text of a plan, a note or an error, no network address comes in here.
 */
@NullMarked
package fedbiomed.protocol.audit;

import org.jspecify.annotations.NullMarked;
