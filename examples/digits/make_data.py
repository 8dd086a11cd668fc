"""Writes digits-a.safetensors and digits-b.safetensors: scikit-learn's digits, dealt to two hospitals.

    pip install scikit-learn safetensors
    python make_data.py

Hospital a has every digit but sees 0-4 four times as often, hospital b 5-9. The same bytes each time (seed 7).
"""
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file
from sklearn.datasets import load_digits

digits = load_digits()
random = np.random.default_rng(7)
low = digits.target < 5
to_a = random.random(len(low)) < np.where(low, 0.8, 0.2)
for name, rows in (("a", to_a), ("b", ~to_a)):
    save_file(
        {
            "image": digits.images[rows].astype(np.uint8).reshape(-1, 1, 8, 8),
            "label": digits.target[rows].astype(np.int64),
        },
        Path(__file__).with_name(f"digits-{name}.safetensors"),
    )
