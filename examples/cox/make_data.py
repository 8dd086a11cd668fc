"""Makes the example's tables: synthetic patients of three hospitals, each with a baseline hazard of its own.

Run with numpy: python make_data.py (writes hospital-*.csv beside it; the seed is fixed).
"""

from pathlib import Path

import numpy as np

rng = np.random.default_rng(2026)
COEF = np.array([0.7, 0.4, -0.6])  # of the standardised inputs age, tumour_size and treated
for hospital, patients, baseline, age in [("north", 240, 1 / 30, 66), ("south", 160, 1 / 45, 60), ("east", 100, 1 / 24, 71)]:
    years = rng.normal(age, 9, patients).round()
    size = rng.gamma(4, 7, patients).round(1)
    treated = rng.integers(0, 2, patients)
    z = np.column_stack([(years - 65) / 9, (size - 28) / 14, (treated - 0.5) / 0.5])
    months = rng.exponential(1 / (baseline * np.exp(z @ COEF)))
    followed = rng.uniform(6, 60, patients)
    event = (months <= followed).astype(int)
    time = np.minimum(months, followed).round(1)
    with open(Path(__file__).parent / f"hospital-{hospital}.csv", "w") as out:
        out.write("patient,age,tumour_size,treated,months,died\n")
        for i in range(patients):
            out.write(f"{hospital}-{i:03d},{years[i]:.0f},{size[i]},{treated[i]},{time[i]},{event[i]}\n")
