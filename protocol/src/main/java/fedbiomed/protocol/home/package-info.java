/**
 * A party's home folder: its {@code config.yaml} and the way its files are written. Knows no setting of any party and
 * no network.
 */
@NullMarked
package fedbiomed.protocol.home;

import org.jspecify.annotations.NullMarked;
