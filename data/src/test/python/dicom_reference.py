"""What pydicom reads of real images (out of its own tests) and of small ones that it writes here.

Run with pydicom 3.0.2 and Pillow 13.0.0: python dicom_reference.py ../resources/fedbiomed/data/dicom
Copies the real files, writes the others (made-*) and reference.csv: file or folder; shape; spacing; stored type; sum of
the values; sum of value times (C-order index mod 101 + 1); some voxels; attributes. Values are those of
apply_rescale(pixel_array), rounded to float32; a folder's slices are stacked by the last number of Image Position, or by
Instance Number. Read by DicomReferenceTest.
"""

import io
import shutil
import sys
from pathlib import Path

import numpy as np
import pydicom
from PIL import Image
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.pixels import apply_rescale
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian, JPEGBaseline8Bit

folder = Path(sys.argv[1])
tests = Path(pydicom.__file__).parent / "data" / "test_files"
READ = [
    "CT_small.dcm",
    "MR_small.dcm",
    "MR_small_implicit.dcm",
    "MR_small_RLE.dcm",
    "liver_1frame.dcm",
    "rtdose.dcm",
    "rtdose_rle.dcm",
]
REFUSED = [
    "JPEGLSNearLossless_08.dcm",
    "JPGExtended.dcm",
    "MR_small_bigendian.dcm",
    "MR_small_jp2klossless.dcm",
    "MR_truncated.dcm",
    "SC_rgb_small_odd.dcm",
    "image_dfl.dcm",
    "meta_missing_tsyntax.dcm",
    "test-SR.dcm",
]
SERIES = "dicomdirtests/98892001/CT5N"
rng = np.random.default_rng(14)

for name in READ + REFUSED:
    shutil.copyfile(tests / name, folder / name)
shutil.copytree(tests / SERIES, folder / "CT5N", dirs_exist_ok=True)

made = []


def image(array, bits_stored=None, photometric="MONOCHROME2", **elements):
    ds = Dataset()
    ds.PatientName = "Meier^Hans"
    ds.PatientID = "4711"
    ds.PatientSex = "F"
    ds.PatientAge = "018M"
    ds.PatientWeight = "11.5"
    ds.Modality = "OT"
    ds.SOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
    ds.SOPInstanceUID = f"1.2.3.{len(made) + 1}"
    ds.SeriesInstanceUID = "1.2.3.4"
    ds.SamplesPerPixel = 1
    ds.PhotometricInterpretation = photometric
    if array.ndim == 3:
        ds.NumberOfFrames = len(array)
    ds.Rows, ds.Columns = array.shape[-2:]
    ds.BitsAllocated = array.dtype.itemsize * 8
    ds.BitsStored = bits_stored or ds.BitsAllocated
    ds.HighBit = ds.BitsStored - 1
    ds.PixelRepresentation = int(array.dtype.kind == "i")
    data = array.tobytes()
    ds.PixelData = data + b"\0" * (len(data) % 2)
    ds["PixelData"].VR = "OW" if ds.BitsAllocated > 8 else "OB"
    for keyword, value in elements.items():
        setattr(ds, keyword, value)
    return ds


def save(ds, name, syntax=ExplicitVRLittleEndian):
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = syntax
    ds.file_meta.MediaStorageSOPClassUID = ds.SOPClassUID
    ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID
    (folder / name).parent.mkdir(exist_ok=True)
    pydicom.dcmwrite(folder / name, ds, enforce_file_format=True)
    made.append(name)


save(image(rng.integers(0, 256, (5, 7), np.uint8)), "made-uint8.dcm")
save(image(rng.integers(-128, 128, (5, 6), np.int8), PixelSpacing=[0.5, 0.75]), "made-int8.dcm", ImplicitVRLittleEndian)
save(
    image(rng.integers(-2048, 2048, (3, 5, 6), np.int16), 12, RescaleSlope="0.25", RescaleIntercept="-7.5",
          SpacingBetweenSlices="2.5", PixelSpacing=[1, 2]),
    "made-int12.dcm",
)
save(image(rng.integers(0, 1024, (4, 6), np.uint16), 10, "MONOCHROME1"), "made-monochrome1.dcm")

# one bit a pixel: the frames of 15 pixels are packed without a gap
bits = rng.integers(0, 2, (3, 3, 5), np.uint8)
ds = image(bits)
ds.BitsAllocated = ds.BitsStored = 1
ds.HighBit = 0
ds.PixelData = np.packbits(bits.ravel(), bitorder="little").tobytes()
save(ds, "made-bits.dcm")

# sequences of undefined length within each other, with private ones and an icon, before the pixels
ds = image(rng.integers(0, 256, (4, 4), np.uint8))
inner = Dataset()
inner.PatientName = "Meier^Hans"
inner.Rows = 77
icon = Dataset()
icon.Rows = icon.Columns = 8
icon.PixelData = bytes(64)
icon["PixelData"].VR = "OB"
for depth in range(6):
    outer = Dataset()
    outer.ReferencedSeriesSequence = Sequence([inner, Dataset()])
    outer["ReferencedSeriesSequence"].is_undefined_length = True
    outer.add_new(0x00091001 + depth, "SQ", Sequence([inner]))
    inner = outer
ds.ReferencedStudySequence = Sequence([inner])
ds["ReferencedStudySequence"].is_undefined_length = True
ds.IconImageSequence = Sequence([icon])
save(ds, "made-nested.dcm")
save(ds, "made-nested-implicit.dcm", ImplicitVRLittleEndian)

# an enhanced image: scaling and places in the functional groups, one frame with a scaling of its own
frames = rng.integers(0, 4096, (3, 4, 5), np.uint16)
ds = image(frames, 12)
shared = Dataset()
measures = Dataset()
measures.PixelSpacing = [0.5, 0.25]
plane = Dataset()
plane.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
shared.PixelMeasuresSequence = Sequence([measures])
shared.PlaneOrientationSequence = Sequence([plane])
ds.SharedFunctionalGroupsSequence = Sequence([shared])
groups = []
SCALES = [(2, -1024), (0.5, -1000), (2, -1024)]
for z, (slope, intercept) in enumerate(SCALES):
    group, place, scale = Dataset(), Dataset(), Dataset()
    place.ImagePositionPatient = [0, 0, 3 * z]
    scale.RescaleSlope, scale.RescaleIntercept = str(slope), str(intercept)
    group.PlanePositionSequence = Sequence([place])
    group.PixelValueTransformationSequence = Sequence([scale])
    groups.append(group)
ds.PerFrameFunctionalGroupsSequence = Sequence(groups)
save(ds, "made-enhanced.dcm")
save(ds, "made-enhanced-implicit.dcm", ImplicitVRLittleEndian)
for group in groups:
    for sequence in group:
        sequence.is_undefined_length = True
ds["PerFrameFunctionalGroupsSequence"].is_undefined_length = True
save(ds, "made-enhanced-undefined.dcm")


def jpeg(array):
    out = io.BytesIO()
    Image.fromarray(array).save(out, "JPEG", quality=90)
    return out.getvalue()


y, x = np.mgrid[0:40, 0:48]
smooth = [(128 + 100 * np.sin(x / (5 + i)) * np.cos(y / 7)).astype(np.uint8) for i in range(3)]
ds = image(smooth[0])
ds.PixelData = encapsulate([jpeg(smooth[0])])
save(ds, "made-jpeg.dcm", JPEGBaseline8Bit)
ds = image(np.stack(smooth))
ds.PixelData = encapsulate([jpeg(s) for s in smooth], has_bot=False)
save(ds, "made-jpeg-frames.dcm", JPEGBaseline8Bit)
ds.PixelData = encapsulate([jpeg(s) for s in smooth], fragments_per_frame=2)
save(ds, "made-jpeg-fragments.dcm", JPEGBaseline8Bit)

# a series without places
for number, name in [(7, "b"), (8, "c"), (6, "a"), (9, "d")]:
    save(image(rng.integers(0, 256, (3, 4), np.uint8), InstanceNumber=number, SliceThickness="5"), f"made-numbered/{name}")


def values(ds):
    data = ds.pixel_array
    if "PerFrameFunctionalGroupsSequence" in ds and "PixelValueTransformationSequence" in ds.PerFrameFunctionalGroupsSequence[0]:
        scales = [g.PixelValueTransformationSequence[0] for g in ds.PerFrameFunctionalGroupsSequence]
        data = np.stack([apply_rescale(f, s) for f, s in zip(data, scales)])
    else:
        data = apply_rescale(data, ds)
    return data.astype(np.float32).astype(np.float64)


def plane_spacing(ds):
    if "SharedFunctionalGroupsSequence" in ds and "PixelMeasuresSequence" in ds.SharedFunctionalGroupsSequence[0]:
        ds = ds.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0]
    return [float(x) for x in ds.get("PixelSpacing", [1, 1])]


ATTRIBUTES = {
    "Modality": "MODALITY",
    "PatientSex": "PATIENT_SEX",
    "PatientAge": "PATIENT_AGE",
    "PatientWeight": "PATIENT_WEIGHT",
    "SliceThickness": "SLICE_THICKNESS",
    "Manufacturer": "MANUFACTURER",
    "EchoTime": "ECHO_TIME",
    "KVP": "KVP",
}

with open(folder / "reference.csv", "w") as out:
    for name in READ + ["CT5N"] + sorted(n for n in made if "/" not in n) + ["made-numbered"]:
        path = folder / name
        if path.is_dir():
            slices = [pydicom.dcmread(f) for f in sorted(path.iterdir())]
            placed = "ImagePositionPatient" in slices[0]
            slices.sort(key=lambda s: float(s.ImagePositionPatient[2]) if placed else int(s.InstanceNumber))
            ds = slices[0]
            data = np.stack([values(s) for s in slices])
            distance = 5.0
            if placed:
                distance = float(slices[1].ImagePositionPatient[2]) - float(slices[0].ImagePositionPatient[2])
            spacing = [distance] + plane_spacing(ds)
        else:
            ds = pydicom.dcmread(path)
            data = values(ds)
            spacing = plane_spacing(ds)
            if data.ndim == 3:
                spacing = [3.0 if "enhanced" in name else float(ds.get("SpacingBetweenSlices", 1) or 1)] + spacing
        stored = f"{'int' if ds.PixelRepresentation else 'uint'}{ds.BitsStored}"
        if ds.BitsStored != ds.BitsAllocated:
            stored += f" of {ds.BitsAllocated} bits"
        flat = data.ravel()
        weights = np.arange(flat.size) % 101 + 1
        picks = [tuple(int(rng.integers(n)) for n in data.shape) for _ in range(6)]
        voxels = " ".join(f"{','.join(map(str, p))}={float(data[p])!r}" for p in picks)
        attributes = ",".join(f"{ours}={ds.get(k)}" for k, ours in ATTRIBUTES.items() if ds.get(k) not in (None, ""))
        out.write(
            f"{name};{','.join(map(str, data.shape))};{','.join(map(str, spacing))};{stored};"
            f"{float(flat.sum())!r};{float((flat * weights).sum())!r};{voxels};{attributes}\n"
        )
