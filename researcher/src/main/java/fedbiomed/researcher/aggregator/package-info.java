/**
 * How a round's updates become the next global model. Works on files, in the participants' order; knows neither messages
 * nor nodes.
 */
@NullMarked
package fedbiomed.researcher.aggregator;

import org.jspecify.annotations.NullMarked;
