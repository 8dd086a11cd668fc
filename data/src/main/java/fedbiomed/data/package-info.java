/**
 * What a dataset is: its kinds, what a node tells about it, and its split into training and test rows. Readers live in
 * packages of their own ({@code tabular}, {@code tensors}, {@code nifti}, {@code medical}, {@code dicom}); what is done to values before training in {@code preprocessing}. Knows
 * nothing of models.
 */
@NullMarked
package fedbiomed.data;

import org.jspecify.annotations.NullMarked;
