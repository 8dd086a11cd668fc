/** The Researcher: experiments, aggregators, strategies. May not import node. */
@NullMarked
package fedbiomed.researcher;

import org.jspecify.annotations.NullMarked;
