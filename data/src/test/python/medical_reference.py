"""What nibabel, pydicom, SciPy and NumPy make of small folders of subjects that it writes here.

Run with nibabel 5.4.2, pydicom 3.0.2, SciPy 1.17.1: python medical_reference.py ../resources/fedbiomed/data
Writes medical/bids (NIfTI, a BIDS folder of subjects scanned in different orientations), dicom/made-folder (a series a
folder) and beside them medical/reference.csv and dicom/folder-reference.csv: sample; array; transforms; shape; values in C
order. A NIfTI image is nibabel's as_closest_canonical(...).get_fdata() with its three axes reversed, a series pydicom's
pixel_array, rescaled, stacked by place and put through the same function with the affine that its header gives. Read by
MedicalFolderReferenceTest and DicomFolderTest.
"""

import shutil
import sys
from pathlib import Path

import nibabel as nib
import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.pixels import apply_rescale
from pydicom.uid import ExplicitVRLittleEndian
from scipy import ndimage

root = Path(sys.argv[1])
rng = np.random.default_rng(14)
bids = root / "medical" / "bids"
shutil.rmtree(bids, ignore_errors=True)


def standard(image):
    """Values [z, y, x(, channel)] and the spacing of z, y, x."""
    canonical = nib.as_closest_canonical(image)
    data = canonical.get_fdata().astype(np.float32)
    spacing = nib.affines.voxel_sizes(canonical.affine)
    return np.moveaxis(data, (0, 1, 2), (2, 1, 0)), spacing[::-1]


def resampled(data, spacing, new, order):
    axes = []
    for n, old, s in zip(data.shape, spacing, new):
        step = s / old
        axes.append(np.minimum(np.arange(round((n - 1) / step + 1)) * step, n - 1))
    if order == 0:
        return data[np.ix_(*[np.minimum(np.floor(a + 0.5).astype(int), n - 1) for a, n in zip(axes, data.shape)])]
    return ndimage.map_coordinates(data.astype(np.float64), np.meshgrid(*axes, indexing="ij"), order=1, mode="nearest")


def framed(data, shape):
    out = np.zeros(shape, data.dtype)
    take, put = [], []
    for old, new in zip(data.shape, shape):
        count = min(old, new)
        take.append(slice((old - count) // 2, (old - count) // 2 + count))
        put.append(slice((new - count) // 2, (new - count) // 2 + count))
    out[tuple(put)] = data[tuple(take)]
    return out


def zscore(data):
    data = data.astype(np.float64)
    return (data - data.mean()) / data.std()


def line(out, sample, array, transforms, data):
    out.write(
        f"{sample};{array};{transforms};{','.join(map(str, data.shape))};"
        f"{','.join(repr(float(np.float32(x))) for x in data.ravel())}\n"
    )


def oriented(codes, zooms):
    axes = nib.orientations.axcodes2ornt(tuple(codes))
    affine = np.zeros((4, 4))
    for column, (axis, flip) in enumerate(axes):
        affine[int(axis), column] = flip * zooms[column]
    affine[:, 3] = [3, -4, 5, 1]
    return affine


def turned(affine, degrees, shear=0.0):
    a = np.deg2rad(degrees)
    turn = np.eye(4)
    turn[:3, :3] = nib.eulerangles.euler2mat(a, a / 2, -a)
    turn[0, 1] += shear
    return turn @ affine


AFFINES = {
    "sub-01": oriented("RAS", (1, 1.25, 2)),
    "sub-02": oriented("LPS", (1, 1.25, 2)),
    "sub-03": oriented("PIR", (1.5, 2, 1)),
    "sub-04": turned(oriented("ASL", (1, 2, 1.25)), 20),
    "sub-05": turned(oriented("IRP", (1, 1, 1.5)), 33, 0.4),
}
STEPS = "resample=2x1.5x1 size=6x5x7 zscore"
with open(root / "medical" / "reference.csv", "w") as out:
    for subject, affine in AFFINES.items():
        shape = (5, 4, 6)
        stored = rng.integers(-500, 1000, shape, np.int16)
        header = nib.Nifti1Header()
        header.set_data_dtype(np.int16)
        (bids / subject / "anat").mkdir(parents=True)
        image = nib.Nifti1Image(stored, affine, header)
        if subject == "sub-03":
            image.set_sform(None, 0)
            image.set_qform(affine, 1)
        nib.save(image, bids / subject / "anat" / f"{subject}_T1w.nii.gz")
        labels = rng.integers(0, 4, shape, np.uint8)
        nib.save(nib.Nifti1Image(labels, affine), bids / subject / "anat" / f"{subject}_dseg.nii")
        for array, order in (("T1w", 1), ("dseg", 0)):
            suffix = "nii.gz" if array == "T1w" else "nii"
            data, spacing = standard(nib.load(bids / subject / "anat" / f"{subject}_{array}.{suffix}"))
            line(out, subject, array, "", data[None])
            steps = framed(resampled(data, spacing, (2, 1.5, 1), order), (6, 5, 7))
            line(out, subject, array, STEPS, (zscore(steps) if order else steps)[None])
    # four axes: what is behind the third becomes the channels
    series = rng.normal(0, 10, (3, 2, 4, 2)).astype(np.float32)
    nib.save(nib.Nifti1Image(series, oriented("LAS", (2, 2, 2))), root / "medical" / "bold.nii.gz")
    data, _ = standard(nib.load(root / "medical" / "bold.nii.gz"))
    line(out, "bold", "bold", "", np.moveaxis(data, 3, 0))
(bids / "participants.tsv").write_text(
    "participant_id\tage\tsex\tscore\n"
    "sub-03\t71\tF\tn/a\nsub-01\t54\tM\t1.5\nsub-02\t60\tF\t2\nsub-05\t49\tM\t3\nsub-04\t66\tn/a\t4.5\n"
)
(bids / "dataset_description.json").write_text('{"Name": "made", "BIDSVersion": "1.10.0"}\n')

# --- DICOM: a sagittal series, an axial one whose slices come from above, a tilted coronal one
made = root / "dicom" / "made-folder"
shutil.rmtree(made, ignore_errors=True)
tilt = np.deg2rad(15)
SERIES = {
    # along a row, down a column, from slice to slice as they are written
    "P1/sagittal": ([0, 1, 0], [0, 0, -1], [2.5, 0, 0]),
    "P2": ([1, 0, 0], [0, 1, 0], [0, 0, -2.0]),
    "P3/a/b": ([1, 0, 0], [0, float(np.sin(tilt)), float(-np.cos(tilt))],
               [0, float(3 * np.cos(tilt)), float(3 * np.sin(tilt))]),
}
with open(root / "dicom" / "folder-reference.csv", "w") as out:
    for n, (name, (along, down, step)) in enumerate(SERIES.items()):
        (made / name).mkdir(parents=True)
        files = []
        for z in range(4):
            ds = Dataset()
            ds.PatientName, ds.PatientID, ds.PatientBirthDate = "Meier^Hans", "4711", "19500101"
            ds.PatientSex, ds.PatientAge = "MFF"[n], ["054Y", "018M", ""][n]
            ds.Modality, ds.Manufacturer, ds.EchoTime = "MR", "Maker", str(30 + n)
            ds.SOPClassUID, ds.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.4", f"1.2.3.{n}.{z + 1}"
            ds.SeriesInstanceUID = f"1.2.3.4.{n + 1}"
            ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
            ds.Rows, ds.Columns = 5, 6
            ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 16, 12, 11, 0
            ds.PixelSpacing, ds.SliceThickness = [1.5, 1.25], "2"
            ds.RescaleSlope, ds.RescaleIntercept = "2", "-1024"
            ds.ImageOrientationPatient = along + down
            ds.ImagePositionPatient = [float(np.round(s * z - 7, 6)) for s in step]
            ds.PixelData = rng.integers(0, 4096, (5, 6), np.uint16).tobytes()
            ds["PixelData"].VR = "OW"
            ds.file_meta = FileMetaDataset()
            ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
            ds.file_meta.MediaStorageSOPClassUID = ds.SOPClassUID
            ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID
            path = made / name / f"IM{(z * 7 + 3) % 10}"
            pydicom.dcmwrite(path, ds, enforce_file_format=True)
            files.append(path)
        slices = [pydicom.dcmread(path) for path in files]
        data = np.stack([apply_rescale(s.pixel_array, s) for s in slices]).astype(np.float32)
        lps = np.eye(4)
        lps[:3, 0] = np.subtract(slices[1].ImagePositionPatient, slices[0].ImagePositionPatient)
        lps[:3, 1] = np.multiply(slices[0].ImageOrientationPatient[3:], 1.5)
        lps[:3, 2] = np.multiply(slices[0].ImageOrientationPatient[:3], 1.25)
        volume, spacing = standard(nib.Nifti1Image(data, np.diag([-1, -1, 1, 1]) @ lps))
        line(out, name, "image", "", volume[None])
        steps = zscore(framed(resampled(volume, spacing, (2, 1.5, 1), 1), (6, 5, 7)))
        line(out, name, "image", STEPS, steps[None])
(made / "labels.csv").write_text("patient,ill\nP2,1\nP1,0\nP3,1\nP9,0\n")
