/** A party as a whole: the home folder in which its keys, its certificate and its settings lie, and how it is made. */
@NullMarked
package fedbiomed.protocol.party;

import org.jspecify.annotations.NullMarked;
