"""What pyedflib 0.1.42, wfdb 4.3.1 and scipy 1.17.1 make of small recordings.

Run: python signals_reference.py SOURCES ../resources/fedbiomed/data/signal
SOURCES holds the files that the README beside the recordings names, as they come; the ones that are too large are cut
here. Writes the recordings and reference.json, which SignalReferenceTest compares with.
"""

import json
import shutil
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pyedflib
import wfdb
from scipy.signal import resample_poly

sources, out = Path(sys.argv[1]), Path(sys.argv[2])
reference = {}


def figures(values):
    values = np.asarray(values, dtype=np.float64)
    held = values[~np.isnan(values)]
    return {
        "samples": len(values),
        "missing": int(np.isnan(values).sum()),
        "sum": float(held.sum()),
        "squares": float((held**2).sum()),
        "first": [None if np.isnan(v) else float(v) for v in values[:5]],
        "last": [None if np.isnan(v) else float(v) for v in values[-5:]],
    }


def of_edf(name):
    with pyedflib.EdfReader(str(out / name)) as edf:
        onsets, durations, texts = edf.readAnnotations()
        reference[name] = {
            "channels": [
                {
                    "label": edf.getLabel(i),
                    "unit": edf.getPhysicalDimension(i),
                    "rate": edf.getSampleFrequency(i),
                    **figures(edf.readSignal(i)),
                }
                for i in range(edf.signals_in_file)
            ],
            "annotations": [[float(o), max(0.0, float(d)), t] for o, d, t in zip(onsets, durations, texts)],
        }


def of_record(name, annotator=None):
    record = wfdb.rdrecord(str(out / name), smooth_frames=False)
    said = wfdb.rdann(str(out / name), annotator) if annotator else None
    reference[name + ".hea"] = {
        "channels": [
            {
                "label": record.sig_name[i],
                "unit": record.units[i],
                "rate": record.fs * record.samps_per_frame[i],
                **figures(record.e_p_signal[i]),
            }
            for i in range(record.n_sig)
        ],
        "annotations": []
        if said is None
        else [
            [s / record.fs, a.rstrip("\0") if c == "+" else c]
            for s, c, a in zip(said.sample, said.symbol, said.aux_note)
        ],
    }


def cut_edf(source, target, records):
    """The first data records of a file, with the header's count to match."""
    data = (sources / source).read_bytes()
    header = int(data[184:192])
    signals = int(data[252:256])
    counts = [int(data[256 + 216 * signals + 8 * i :][:8]) for i in range(signals)]
    size = 2 * sum(counts)
    (out / target).write_bytes(data[:236] + b"%-8d" % records + data[244 : header + records * size])


for name in ["test_uneven_samp.edf", "duplicate_channel_labels.edf", "test_bdf_stim_channel.bdf"]:
    shutil.copyfile(sources / name, out / name)
    of_edf(name)
cut_edf("test_subsecond.edf", "test_subsecond.edf", 20)
of_edf("test_subsecond.edf")

for name in ["100_3chan.hea", "100_3chan.dat", "test01_00s.hea", "test01_00s.dat", "test01_00s_skewframe.hea"]:
    shutil.copyfile(sources / name, out / name)
of_record("100_3chan")
of_record("test01_00s")
of_record("test01_00s_skewframe")

# MIT-BIH record 100: the first 30 s, 2 signals of 12 bits at 360 Hz are 1,080 bytes a second
frames = 30 * 360
(out / "100.dat").write_bytes((sources / "100.dat").read_bytes()[: frames * 3])
header = (sources / "100.hea").read_text().replace("100 2 360 650000", f"100 2 360 {frames}")
(out / "100.hea").write_text(header)
said = wfdb.rdann(str(sources / "100"), "atr")
held = said.sample < frames
wfdb.wrann(
    "100",
    "atr",
    said.sample[held],
    symbol=[s for s, h in zip(said.symbol, held) if h],
    aux_note=[a for a, h in zip(said.aux_note, held) if h],
    fs=360,
    write_dir=str(out),
)
of_record("100", "atr")

# resampled as a whole; a window is a stretch of it
with pyedflib.EdfReader(str(out / "test_uneven_samp.edf")) as edf:
    resampled = {}
    for channel, to in [(0, 64.0), (1, 64.0), (0, 250.0)]:
        rate = edf.getSampleFrequency(channel)
        ratio = Fraction(to / rate).limit_denominator(1000)
        values = edf.readSignal(channel).astype(np.float32).astype(np.float64)
        resampled[f"{edf.getLabel(channel)} {to:g}"] = resample_poly(
            values, ratio.numerator, ratio.denominator, padtype="edge"
        )
    reference["resampled"] = {
        name: {
            "samples": len(v),
            "start": v[:40].tolist(),
            "middle": v[1000:1040].tolist(),
            "end": v[len(v) // 40 * 40 - 40 : len(v) // 40 * 40].tolist(),
        }
        for name, v in resampled.items()
    }

(out / "reference.json").write_text(json.dumps(reference, indent=1))
