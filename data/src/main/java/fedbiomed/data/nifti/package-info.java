/**
 * NIfTI-1 and NIfTI-2 images (https://nifti.nimh.nih.gov/nifti-1, nifti-2): start at
 * {@link fedbiomed.data.nifti.NiftiFile}. Voxels are indexed as nibabel's {@code get_fdata()} indexes them. Knows nothing of
 * subjects and folders.
 */
@NullMarked
package fedbiomed.data.nifti;

import org.jspecify.annotations.NullMarked;
