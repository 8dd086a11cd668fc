/**
 * The node's policy: what its data manager allows to whom, when and how much ({@code policy.yaml}), and the one place
 * where a request is held against it. Knows nothing of workers and messages.
 */
@NullMarked
package fedbiomed.node.policy;

import org.jspecify.annotations.NullMarked;
