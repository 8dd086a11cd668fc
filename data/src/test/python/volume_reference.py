"""What SciPy and NumPy make of one small volume.

Run with SciPy 1.17.1, NumPy 2.4.6: python volume_reference.py ../resources/fedbiomed/data/volume
Writes reference.csv: name; shape; values in C order. The first row is the volume itself, of spacing (2, 1, 3). Read by
VolumeReferenceTest.
"""

import sys
from pathlib import Path

import numpy as np
from scipy import ndimage

v = np.random.default_rng(5).normal(100, 20, (4, 5, 3)).astype(np.float32)
v[0] = 0
d = v.astype(np.float64)
rows = {"volume": v}


def sampled(axes, order):
    """Values at the product of those coordinates; beyond the outermost voxels the nearest counts."""
    return ndimage.map_coordinates(d, np.meshgrid(*axes, indexing="ij"), order=order, mode="nearest")


def to_spacing(new, order):
    axes = []
    for n, old, s in zip(d.shape, (2, 1, 3), new):
        size = round((n - 1) * old / s + 1)
        axes.append(np.arange(size) * s / old)
    return sampled(axes, order)


rows["linear spacing 1.5 1.5 1.5"] = to_spacing((1.5, 1.5, 1.5), 1)
rows["linear spacing 3 0.7 4"] = to_spacing((3, 0.7, 4), 1)
# the same grid as torch's align_corners=False
rows["linear shape 7 3 6"] = ndimage.zoom(d, (7 / 4, 3 / 5, 2), order=1, mode="nearest", grid_mode=True)
edges = [(np.arange(m) + 0.5) * n / m - 0.5 for n, m in zip(d.shape, (7, 3, 7))]
rows["nearest shape 7 3 7"] = d[np.ix_(*[np.floor(e + 0.5).astype(int) for e in edges])]
inside = d != 0
rows["z-score"] = (d - d.mean()) / d.std()
rows["z-score non-zero"] = np.where(inside, (d - d[inside].mean()) / d[inside].std(), 0)
rows["min-max -1 1"] = (d - d.min()) / (d.max() - d.min()) * 2 - 1

with open(Path(sys.argv[1]) / "reference.csv", "w") as out:
    for name, values in rows.items():
        out.write(f"{name};{','.join(map(str, values.shape))};{','.join(repr(float(x)) for x in values.ravel())}\n")
