"""What scikit-learn's metrics say of generated rows.

Run with scikit-learn 1.9.1: python metrics_reference.py ../resources/fedbiomed/training/metrics
Writes scores.csv, values.csv, images.csv (rows: truth and scores or prediction) and metrics.csv (rows used; test_metric;
test_metric_args; expected value), read by MetricsReferenceTest. Scores are multiples of 1/1024 less a bit, so that each
lies alone with its equals in a bin of the histogram and its figures are exact.
"""

import json
import sys
import warnings
from pathlib import Path

import numpy as np
from sklearn import metrics as m

warnings.filterwarnings("ignore")
folder = Path(sys.argv[1])
rng = np.random.default_rng(3)
out = open(folder / "metrics.csv", "w")


def tell(rows, name, args, value, pooled_name=None):
    out.write(f"{rows};{name};{json.dumps(args)};{pooled_name or name};{float(value)!r}\n")


def probabilities(k, n):
    cuts = np.sort(rng.integers(1, 1024, size=(n, k - 1)), axis=1)
    return np.diff(np.hstack([np.zeros((n, 1)), cuts, np.full((n, 1), 1024)]), axis=1) / 1024


CLASSES = {2: ["no", "yes"], 4: ["a", "b", "c", "d"]}
with open(folder / "scores.csv", "w") as file:
    for rows, k, present in [("two", 2, 2), ("four", 4, 4), ("missing", 4, 3)]:
        P = probabilities(k, 50)
        if present < k:
            P[:, -1] = 0  # the last class is neither there nor predicted
            P[:, 0] = 1 - P[:, 1:].sum(1)
        noise = P + 0.6 * rng.random(P.shape)
        noise[:, present:] = -1
        y = noise.argmax(1)
        h = P.argmax(1)
        names = CLASSES[k]
        for truth, p in zip(y, P):
            file.write(f"{rows},{truth}," + ",".join(repr(float(v)) for v in p) + "\n")
        labels = list(range(k))
        tell(rows, "accuracy", {}, m.accuracy_score(y, h))
        tell(rows, "accuracy", {"normalize": False}, m.accuracy_score(y, h, normalize=False))
        tell(rows, "balanced_accuracy", {}, m.balanced_accuracy_score(y, h))
        tell(rows, "balanced_accuracy", {"adjusted": True}, m.balanced_accuracy_score(y, h, adjusted=True))
        scores = {"precision": m.precision_score, "recall": m.recall_score, "f1": m.f1_score}
        for name, score in scores.items():
            tell(rows, name, {}, score(y, h, average="binary" if k == 2 else "macro"))
            for average in ["micro", "macro", "weighted"]:
                tell(rows, name, {"average": average}, score(y, h, average=average))
            for zero in [0, 1]:
                single = score(y, h, average=None, labels=labels, zero_division=zero)
                for c in labels:
                    tell(rows, name, {"average": None, "zero_division": zero}, single[c], f"{name}[{names[c]}]")
            if k == 2:
                tell(rows, name, {"pos_label": "no"}, score(y, h, pos_label=0))
        for average in ["micro", "macro", "weighted"] + (["binary"] if k == 2 else []):
            tell(rows, "fbeta", {"average": average, "beta": 2}, m.fbeta_score(y, h, beta=2, average=average))
        if k == 2:
            tell(rows, "roc_auc", {}, m.roc_auc_score(y, P[:, 1]))
            tell(rows, "average_precision", {}, m.average_precision_score(y, P[:, 1]))
            tell(rows, "average_precision", {"pos_label": "no"}, m.average_precision_score(y, P[:, 0], pos_label=0))
            tell(rows, "log_loss", {}, m.log_loss(y, P))
            tell(rows, "brier", {}, m.brier_score_loss(y, P[:, 1]))
        else:
            tell(rows, "log_loss", {}, m.log_loss(y, P, labels=labels))
            tell(rows, "brier", {}, m.brier_score_loss(y, P, labels=labels))
        if k == 4 and present == 4:
            for average in ["macro", "weighted"]:
                tell(rows, "roc_auc", {"average": average}, m.roc_auc_score(y, P, average=average, multi_class="ovr"))
            for average in ["macro", "weighted"]:
                tell(rows, "average_precision", {"average": average}, m.average_precision_score(y, P, average=average))
        if present < k:
            indicator = np.eye(k)[y]
            tell(rows, "average_precision", {}, m.average_precision_score(indicator, P))
        for normalize in [None, "true", "pred", "all"]:
            matrix = m.confusion_matrix(y, h, labels=labels, normalize=normalize)
            args = {} if normalize is None else {"normalize": normalize}
            for i in labels:
                for j in labels:
                    tell(rows, "confusion_matrix", args, matrix[i, j], f"confusion_matrix[{names[i]},{names[j]}]")

with open(folder / "values.csv", "w") as file:
    t = rng.normal(size=40) * 3 + 20
    for rows, truth, p in [
        ("values", t, t + rng.normal(size=40) + 0.3),
        ("constant", np.full(5, 2.5), np.array([2.5, 2.0, 3.0, 2.5, 2.0])),
        ("met", np.full(5, 2.5), np.full(5, 2.5)),
        ("shifted", np.full(5, 2.5), np.full(5, 3.5)),
    ]:
        for a, b in zip(truth, p):
            file.write(f"{rows},{float(a)!r},{float(b)!r}\n")
        tell(rows, "mse", {}, m.mean_squared_error(truth, p))
        tell(rows, "rmse", {}, m.root_mean_squared_error(truth, p))
        tell(rows, "mae", {}, m.mean_absolute_error(truth, p))
        tell(rows, "r2", {}, m.r2_score(truth, p))
        tell(rows, "explained_variance", {}, m.explained_variance_score(truth, p))

with open(folder / "images.csv", "w") as file:
    y = rng.integers(0, 3, size=300)  # of four classes; the last is not there
    h = np.where(rng.random(300) < 0.6, y, rng.integers(0, 3, size=300))
    for a, b in zip(y, h):
        file.write(f"image,{a},{b}\n")
    labels = [0, 1, 2, 3]
    for average in ["micro", "macro", "weighted"]:
        tell("image", "dice", {"average": average}, m.f1_score(y, h, average=average))
        tell("image", "iou", {"average": average}, m.jaccard_score(y, h, average=average))
    for zero in [0, 1]:
        dice = m.f1_score(y, h, average=None, labels=labels, zero_division=zero)
        iou = m.jaccard_score(y, h, average=None, labels=labels, zero_division=zero)
        for c in labels:
            args = {"average": None, "zero_division": zero}
            tell("image", "dice", args, dice[c], f"dice[{CLASSES[4][c]}]")
            tell("image", "iou", args, iou[c], f"iou[{CLASSES[4][c]}]")
out.close()
