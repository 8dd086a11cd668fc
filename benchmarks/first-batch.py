#!/usr/bin/env python3
"""From a TrainRequest to the first batch, read off the folder of an experiment: benchmarks/first-batch.py FOLDER

Of each answer: from asking until it was there, less what the node did from the first batch on (train, test, write, upload).
The answer's own way back is still in it, so that each figure is an upper bound. A participant's first round starts a worker
(cold), later ones find it (warm) unless they came more than `worker_idle` later.
"""
import json
import pathlib
import statistics
import sys

cold, warm = [], []
seen = set()
for file in sorted(pathlib.Path(sys.argv[1]).glob("rounds/*/replies.json")):
    for answer in json.loads(file.read_text())["replies"]:
        timings = ((answer.get("reply") or {}).get("timings") or {}).get("millis")
        if not timings or not answer.get("exchange"):
            continue
        afterwards = sum(timings.get(phase, 0) for phase in ("train", "test", "write", "upload"))
        who = tuple(answer["participant"].values())
        (warm if who in seen else cold).append((answer["exchange"]["answered_millis"] - afterwards, timings))
        seen.add(who)
for name, some in (("cold", cold), ("warm", warm)):
    if some:
        millis = [whole for whole, _ in some]
        phases = {phase: statistics.median(timings.get(phase, 0) for _, timings in some)
                  for phase in ("download", "start", "compile", "load")}
        print(f"{name}: {len(some)} answers, milliseconds: median {statistics.median(millis):.0f}, least {min(millis)}, "
              f"most {max(millis)}; medians of phases: {phases}")
