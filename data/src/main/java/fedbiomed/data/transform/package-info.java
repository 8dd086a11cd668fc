/**
 * What is done to one sample of an array before a model gets it: another size, another scale, and changes drawn at random
 * for training. Knows neither files nor models; its types hold no state, so that several threads may use them.
 */
@NullMarked
package fedbiomed.data.transform;

import org.jspecify.annotations.NullMarked;
