"""What nibabel reads of real images (out of its own tests) and of small ones that it writes here.

Run with nibabel 5.4.2: python nifti_reference.py ../resources/fedbiomed/data/nifti
Copies the real files, writes the others (made-*) and reference.csv: file; shape; zooms; dtype; sum of the values; sum of
value times (C-order index mod 101 + 1); some voxels; affine. NaN counts as 0
in the sums. Values are those of get_fdata(), rounded to float32. Read by
NiftiReferenceTest.
"""

import gzip
import shutil
import sys
from pathlib import Path

import nibabel as nib
import numpy as np

folder = Path(sys.argv[1])
tests = Path(nib.__file__).parent / "tests" / "data"
REAL = ["standard.nii.gz", "resampled_anat_moved.nii", "functional.nii", "anatomical.nii", "example_nifti2.nii.gz"]
rng = np.random.default_rng(14)

for name in REAL:
    shutil.copyfile(tests / name, folder / name)


def save(image, name):
    nib.save(image, folder / name)


made = []
TYPES = ["u1", "i1", "i2", "u2", "i4", "u4", "i8", "u8", "f4", "f8"]
for n, code in enumerate(TYPES):
    for order in "<>":
        dtype = np.dtype(order + code)
        if dtype.kind == "f":
            values = rng.normal(0, 1000, (3, 4, 5))
        else:
            info = np.iinfo(dtype)
            values = rng.integers(info.min, info.max, (3, 4, 5), dtype=dtype.newbyteorder("="), endpoint=True)
        kind = (nib.Nifti1Image, nib.Nifti2Image)[(n + (order == ">")) % 2]
        header = kind.header_class(endianness=order)
        header.set_data_dtype(dtype)
        header.set_data_shape(values.shape)
        header.set_zooms((1.5, 2.0, 2.5))
        header.set_slope_inter(*((1, 0) if n % 3 == 0 else (0.25, -7.5)))
        header["vox_offset"] = 352 if kind is nib.Nifti1Image else 544
        name = f"made-{dtype.name}-{'little' if order == '<' else 'big'}.nii"
        with open(folder / name, "wb") as out:  # the raw elements, which nibabel would scale anew
            header.write_to(out)
            out.write(b"\0" * (int(header["vox_offset"]) - out.tell()))
            out.write(values.astype(dtype).tobytes(order="F"))
        made.append(name)

# no form, a qform with a mirrored third axis, an sform beside another qform
turn = nib.quaternions.quat2mat([0.5, -0.5, 0.5, 0.5])
for name, affine, qform, sform in [
    ("made-no-form.nii.gz", None, None, None),
    ("made-qform.nii.gz", None, np.block([[turn @ np.diag([2, 3, -4.0]), np.array([[5, 6, 7.0]]).T], [0, 0, 0, 1]]), None),
    ("made-both.nii.gz", None, np.diag([1, 2, 3, 1.0]), np.array([[0, 2, 0.5, 9], [1, 0, 0, 8], [0, 0.1, 3, 7], [0, 0, 0, 1]])),
]:
    image = nib.Nifti1Image(rng.integers(0, 9, (4, 3, 2)).astype(np.int16), affine)
    image.header.set_zooms((2, 3, 4))
    if qform is not None:
        image.set_qform(qform, code=1)
    if sform is not None:
        image.set_sform(sform, code=2)
    save(image, name)
    made.append(name)

# a half turn: the quaternion's first number is 0
image = nib.Nifti2Image(rng.normal(size=(2, 5)).astype(np.float32), None)
image.set_qform(np.diag([-1, -1, 1, 1.0]), code=1)
save(image, "made-half-turn-2d.nii")
pair = nib.Nifti1Pair(rng.integers(-9, 9, (2, 3, 4, 2, 1)).astype(np.int16), np.eye(4))
save(pair, "made-pair.hdr")
made += ["made-half-turn-2d.nii", "made-pair.hdr"]
# larger than one chunk of the reader's, with an extension before the voxels; compresses well
large = np.zeros((130, 140, 250), np.int16)
large[::10, ::7, ::5] = rng.integers(-999, 999, (13, 20, 50))
image = nib.Nifti1Image(large, np.eye(4))
image.header.extensions.append(nib.nifti1.Nifti1Extension("comment", b"x" * 1000))
with gzip.GzipFile(folder / "made-large.nii.gz", "wb", mtime=0) as out:
    out.write(image.to_bytes())
made.append("made-large.nii.gz")


def text(numbers):
    return ",".join(repr(float(v)) for v in numbers)


with open(folder / "reference.csv", "w") as out:
    for name in REAL + sorted(made):
        image = nib.load(folder / name)
        data = image.get_fdata().astype(np.float32).astype(np.float64)
        flat = np.nan_to_num(data.ravel(order="C"))
        weights = np.arange(flat.size) % 101 + 1
        picks = [tuple(int(rng.integers(n)) for n in data.shape) for _ in range(6)]
        voxels = " ".join(f"{','.join(map(str, p))}={float(data[p])!r}".replace("nan", "NaN") for p in picks)
        zooms = [abs(float(z)) or 1.0 for z in image.header.get_zooms()]
        out.write(
            f"{name};{','.join(map(str, data.shape))};{text(zooms)};{image.get_data_dtype().name};"
            f"{float(flat.sum())!r};{float((flat * weights).sum())!r};{voxels};{text(image.affine.ravel())}\n"
        )
