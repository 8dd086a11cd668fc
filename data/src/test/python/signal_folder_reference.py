"""Writes a folder of two made recordings of different formats, rates, units and orders of channels, and what pyedflib
0.1.42, wfdb 4.3.1 and scipy 1.17.1 make of them as windows: 2 s long, one each second, at 100 Hz, in mV.

Run: python signal_folder_reference.py ../resources/fedbiomed/data/signal
Writes folder/ and folder.json, which SignalFolderTest compares with.
"""

import json
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pyedflib
import wfdb
from scipy.signal import resample_poly

out = Path(sys.argv[1])
folder = out / "folder"
(folder / "sub").mkdir(parents=True, exist_ok=True)
random = np.random.default_rng(14)
RATE, WINDOW, STEP = 100, 2, 1


def made(rate, seconds):
    time = np.arange(int(rate * seconds)) / rate
    return [np.sin(2 * np.pi * 1.3 * time) + 0.2 * random.standard_normal(len(time)) for _ in range(2)]


# microvolts at 200 Hz, and a third channel that is not asked for
first = [1000 * values for values in made(200, 8)]
writer = pyedflib.EdfWriter(str(folder / "a.edf"), 3, file_type=pyedflib.FILETYPE_EDFPLUS)
writer.setSignalHeaders(
    [
        {
            "label": label,
            "dimension": unit,
            "sample_frequency": rate,
            "physical_min": -5000,
            "physical_max": 5000,
            "digital_min": -32768,
            "digital_max": 32767,
            "transducer": "",
            "prefilter": "",
        }
        for label, unit, rate in [("ECG I", "uV", 200), ("Resp", "", 20), ("ECG II", "uV", 200)]
    ]
)
writer.setStartdatetime(__import__("datetime").datetime(2001, 1, 1))
writer.writeSamples([first[0], np.zeros(160), first[1]])
ANNOTATIONS = [(0.5, 2.0, "calm"), (3.25, 3.0, "stirred"), (7.5, -1, "calm"), (6.9, 0.5, "Meier coughs")]
for onset, duration, text in ANNOTATIONS:
    writer.writeAnnotation(onset, duration, text)
writer.close()

# millivolts at 250 Hz, in the other order
second = made(250, 5)
wfdb.wrsamp(
    "b",
    fs=250,
    units=["mV", "mV"],
    sig_name=["ECG II", "ECG I"],
    p_signal=np.column_stack([second[1], second[0]]),
    fmt=["16", "16"],
    write_dir=str(folder / "sub"),
)
wfdb.wrann(
    "b", "atr", np.array([100, 600, 700]), symbol=["+", "N", "+"], aux_note=["calm", "", "stirred"], fs=250,
    write_dir=str(folder / "sub"),
)

with pyedflib.EdfReader(str(folder / "a.edf")) as edf:
    a = [(200, edf.readSignal(channel) / 1000) for channel in (0, 2)]
record = wfdb.rdrecord(str(folder / "sub" / "b"))
b = [(250, record.p_signal[:, channel]) for channel in (1, 0)]

reference = []
for recording in (a, b):
    resampled = []
    for rate, values in recording:
        ratio = Fraction(RATE, rate)
        resampled.append(resample_poly(values, ratio.numerator, ratio.denominator, padtype="edge"))
    held = np.stack(resampled)
    windows = (held.shape[1] - WINDOW * RATE) // (STEP * RATE) + 1
    for i in range(windows):
        cut = held[:, i * STEP * RATE : (i * STEP + WINDOW) * RATE]
        reference.append({"sums": cut.sum(axis=1).tolist(), "first": cut[:, :4].tolist(), "last": cut[:, -4:].tolist()})
(folder / "patients.csv").write_text("file,age,ill\nsub/b,61,yes\na.edf,48,no\nc.edf,30,no\n")
(out / "folder.json").write_text(json.dumps(reference, indent=1) + "\n")
