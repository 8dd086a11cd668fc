"""Makes the images of ImageFolderTest and prints the figures that it expects.

Python 3.11, numpy, Pillow 13: python make_images.py FOLDER
The pictures are made here from a formula; nothing in them is anybody's.
"""

import pathlib
import sys

import numpy as np
from PIL import Image

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
height, width = 12, 16
y, x = np.mgrid[0:height, 0:width]
grey = ((x * 13 + y * 7) % 256).astype(np.uint8)
rgb = np.stack([grey, (255 - grey), (x * y) % 256], axis=2).astype(np.uint8)
deep = (x * 3000 + y * 500).astype(np.uint16)

Image.fromarray(grey).save(folder / "grey.png")
Image.fromarray(rgb).save(folder / "rgb.png")
Image.fromarray(np.dstack([rgb, np.full_like(grey, 128)])).save(folder / "rgba.png")
Image.fromarray(rgb).convert("P", palette=Image.Palette.ADAPTIVE, colors=16).save(folder / "palette.png")
Image.fromarray(deep).save(folder / "deep.tiff", compression="tiff_lzw")
Image.fromarray(deep).save(folder / "deep.png")
Image.fromarray(grey.astype(np.float32) / 255).save(folder / "float.tiff")
Image.fromarray(grey).save(folder / "grey.bmp")
smooth = (100 + 40 * np.sin(x / 5) + 30 * np.cos(y / 4)).astype(np.uint8)
Image.fromarray(smooth).save(folder / "smooth.jpg", quality=95)
Image.fromarray(grey > 100).save(folder / "bits.png")
Image.fromarray(np.dstack([rgb, grey]), mode="CMYK").save(folder / "cmyk.jpg")


def figures(name, array):
    array = np.asarray(array).astype(np.float64)
    if array.ndim == 3:
        array = array.transpose(2, 0, 1)
    else:
        array = array[None]
    print(f"{name} {list(array.shape)} sum {array.sum():.4f} [0,4,3] {array[0, 4, 3]:.6f} last {array[-1, -1, -1]:.6f}")


for name in ["grey.png", "rgb.png", "palette.png", "deep.tiff", "deep.png", "float.tiff", "grey.bmp", "smooth.jpg", "bits.png"]:
    image = Image.open(folder / name)
    figures(name, image.convert("RGB") if image.mode == "P" else image)
figures("rgba.png without alpha", Image.open(folder / "rgba.png").convert("RGB"))
figures("rgb.png as grey", Image.open(folder / "rgb.png").convert("L"))
figures("rgb.png scaled to 6x5", Image.open(folder / "rgb.png").resize((5, 6), Image.Resampling.BILINEAR))
figures("grey.png scaled to 24x20", Image.open(folder / "grey.png").resize((20, 24), Image.Resampling.BILINEAR))
