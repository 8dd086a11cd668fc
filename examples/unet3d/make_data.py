"""Writes volumes-a.safetensors and volumes-b.safetensors: noisy volumes with one or two bright ellipsoids, and their masks.

    pip install numpy safetensors
    python make_data.py

Synthetic, made from nothing but this script (seed 11): nobody's scans. Hospital b's scanner is darker and noisier.
"""
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

SIZE = 16
random = np.random.default_rng(11)
grid = np.stack(np.meshgrid(*[np.arange(SIZE)] * 3, indexing="ij"))


def volume(brightness, noise):
    mask = np.zeros((SIZE,) * 3, dtype=bool)
    for _ in range(random.integers(1, 3)):
        centre = random.uniform(4, SIZE - 4, (3, 1, 1, 1))
        radii = random.uniform(2, 4.5, (3, 1, 1, 1))
        mask |= (((grid - centre) / radii) ** 2).sum(0) <= 1
    image = brightness * mask + random.normal(0, noise, mask.shape) + 0.2
    return (np.clip(image, 0, 1.5) / 1.5 * 255).astype(np.uint8), mask.astype(np.uint8)


for name, count, brightness, noise in (("a", 48, 0.9, 0.15), ("b", 40, 0.6, 0.2)):
    pairs = [volume(brightness, noise) for _ in range(count)]
    save_file(
        {
            "image": np.stack([image for image, _ in pairs])[:, None],
            "mask": np.stack([mask for _, mask in pairs])[:, None],
        },
        Path(__file__).with_name(f"volumes-{name}.safetensors"),
    )
