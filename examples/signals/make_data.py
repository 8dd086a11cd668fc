"""Writes hospital-a and hospital-b: made electrocardiograms of two leads, of nobody. Normal beats come regularly, each with
a P wave before it; in atrial fibrillation they come irregularly, without one, on waves of 5 to 8 a second.

    pip install numpy wfdb pyedflib
    python make_data.py

Hospital a has WFDB records in millivolts at 100 Hz, hospital b EDF+ files in microvolts at 125 Hz whose leads have other
names and another order. Both annotate the rhythm. The same signals each time (seed 14).
"""
from datetime import datetime
from pathlib import Path

import numpy as np
import pyedflib
import wfdb

SECONDS = 48
random = np.random.default_rng(14)


def bump(time, centre, width):
    return np.exp(-0.5 * ((time - centre) / width) ** 2)


def recording(rate):
    """Two leads in mV, and when the second rhythm begins; which rhythm comes first."""
    time = np.arange(SECONDS * rate) / rate
    first = random.random() < 0.5
    change = float(random.integers(18, 30))
    leads = [np.zeros_like(time), np.zeros_like(time)]
    height, mean = random.uniform(0.8, 1.3), random.uniform(0.65, 0.95)
    beat = 0.3
    while beat < SECONDS:
        fibrillation = first == (beat < change)
        for lead, share in zip(leads, (1.0, 0.7)):
            lead += share * height * (bump(time, beat, 0.012) - 0.25 * bump(time, beat + 0.035, 0.012))
            lead += share * 0.25 * bump(time, beat + 0.28, 0.05)
            if not fibrillation:
                lead += share * 0.18 * bump(time, beat - 0.16, 0.025)
        beat += mean * (random.uniform(0.6, 1.5) if fibrillation else random.normal(1, 0.02))
    fibrillates = (time < change) == first
    waves = 0.12 * fibrillates * np.sin(2 * np.pi * random.uniform(5, 8) * time)
    noise = [0.03 * random.standard_normal(len(time)) for _ in leads]
    drift = 0.1 * np.sin(2 * np.pi * random.uniform(0.1, 0.3) * time)
    return [lead + n + drift + waves for lead, n in zip(leads, noise)], change, ["(AFIB", "(N"] if first else ["(N", "(AFIB"]


def patients(folder, names):
    rows = [f"{name},{random.integers(45, 85)}" for name in names]
    (folder / "patients.csv").write_text("recording,age\n" + "\n".join(rows) + "\n")


here = Path(__file__).parent
a, b = here / "hospital-a", here / "hospital-b"
for folder in (a, b):
    folder.mkdir(exist_ok=True)
for i in range(8):
    name = f"ecg{i:02d}"
    leads, change, rhythms = recording(100)
    wfdb.wrsamp(
        name,
        fs=100,
        units=["mV", "mV"],
        sig_name=["I", "II"],
        p_signal=np.round(np.column_stack(leads), 3),
        fmt=["16", "16"],
        adc_gain=[1000, 1000],
        baseline=[0, 0],
        write_dir=str(a),
    )
    wfdb.wrann(
        name, "atr", np.array([0, int(change * 100)]), symbol=["+", "+"], aux_note=rhythms, fs=100, write_dir=str(a)
    )
patients(a, [f"ecg{i:02d}" for i in range(8)])
for i in range(8):
    leads, change, rhythms = recording(125)
    writer = pyedflib.EdfWriter(str(b / f"r{i + 1}.edf"), 2, file_type=pyedflib.FILETYPE_EDFPLUS)
    writer.setStartdatetime(datetime(2020, 1, 1))
    writer.setSignalHeaders(
        [
            {
                "label": label,
                "dimension": "uV",
                "sample_frequency": 125,
                "physical_min": -3276.8,
                "physical_max": 3276.7,
                "digital_min": -32768,
                "digital_max": 32767,
                "transducer": "",
                "prefilter": "",
            }
            for label in ("ECG II", "ECG I")
        ]
    )
    writer.writeSamples([np.round(1000 * leads[1], 1), np.round(1000 * leads[0], 1)])
    writer.writeAnnotation(0, change, rhythms[0])
    writer.writeAnnotation(change, SECONDS - change, rhythms[1])
    writer.close()
patients(b, [f"r{i + 1}.edf" for i in range(8)])
