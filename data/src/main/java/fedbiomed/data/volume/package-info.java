/**
 * Images of two or more dimensions in memory ({@link fedbiomed.data.volume.Volume}), what a file of one can tell and give
 * ({@link fedbiomed.data.volume.VolumeFile}), and pure functions from volume to volume: resampling, cropping, padding,
 * intensities. Knows no file format.
 */
@NullMarked
package fedbiomed.data.volume;

import org.jspecify.annotations.NullMarked;
