/**
 * Folders of subjects with NIfTI images (BIDS and its like) as a dataset: start at
 * {@link fedbiomed.data.medical.MedicalFolder}.
 */
@NullMarked
package fedbiomed.data.medical;

import org.jspecify.annotations.NullMarked;
