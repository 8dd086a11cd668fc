"""What scikit-learn's SGD models learn from a small table, row by row in the table's order.

Run with scikit-learn 1.9.1: python linear_reference.py ../resources/fedbiomed/training/linear
Writes rows.csv (inputs and targets) and sgd.csv (arguments and what was learnt), read by SgdReferenceTest.
"""

import itertools
import json
import sys
import warnings
from pathlib import Path

import numpy as np
from sklearn.linear_model import Perceptron, SGDClassifier, SGDRegressor

warnings.filterwarnings("ignore")
CLASS_LOSSES = ["hinge", "perceptron", "squared_hinge", "modified_huber", "log_loss"]
VALUE_LOSSES = ["squared_error", "huber", "epsilon_insensitive", "squared_epsilon_insensitive"]
PENALTIES = [None, "l2", "l1", "elasticnet"]
RATES = ["constant", "optimal", "invscaling", "adaptive"]

rng = np.random.default_rng(12)
X = rng.normal(size=(60, 4)) * 0.4
Y2 = (X @ [1, -2, 0.5, 0] + 0.3 * rng.normal(size=60) > 0).astype(int)
Y3 = np.digitize(X @ [1, 1, -1, 0.2] + 0.2 * rng.normal(size=60), [-0.3, 0.3])
YR = X @ [0.5, -1, 0, 2] + 0.7 + 0.1 * rng.normal(size=60)


def cases():
    for loss, penalty, rate in itertools.product(CLASS_LOSSES + VALUE_LOSSES, PENALTIES, RATES):
        args = dict(loss=loss, penalty=penalty, learning_rate=rate, alpha=0.1, eta0=0.1)
        yield "classifier", Y2, args, 1
        if rate == "optimal" or penalty == "l1":
            yield "classifier", Y3, args, 1
        if loss in VALUE_LOSSES:
            yield "regressor", YR, args, 1
    for loss in CLASS_LOSSES + VALUE_LOSSES:
        yield "classifier", Y2, dict(loss=loss), 1  # the defaults
        yield "classifier", Y2, dict(loss=loss, class_weight={0: 0.5, 1: 3}, alpha=0.1), 1
        yield "classifier", Y3, dict(loss=loss, class_weight={0: 0.5, 2: 3}, alpha=0.1), 1
        yield "classifier", Y2, dict(loss=loss, fit_intercept=False, alpha=0.1), 1
        yield "classifier", Y2, dict(loss=loss, learning_rate="adaptive", eta0=0.5, tol=0.01, n_iter_no_change=2,
                                     alpha=0.01, penalty="elasticnet"), 40
    for loss in VALUE_LOSSES:
        yield "regressor", YR, dict(loss=loss), 1
        yield "regressor", YR, dict(loss=loss, epsilon=0.3, power_t=0.4, eta0=0.05), 1
    # averages of none and l2 only: with l1, scikit-learn's lazily kept average takes each cut as made at every step
    for average, penalty, rate in itertools.product([True, 7, 1000], [None, "l2"], RATES):
        args = dict(average=average, penalty=penalty, learning_rate=rate, alpha=0.01, eta0=0.1)
        yield "classifier", Y2, dict(loss="log_loss", **args), 1
        yield "classifier", Y3, dict(loss="hinge", class_weight={0: 0.5, 2: 3}, **args), 1
        yield "regressor", YR, args, 1
    for penalty in PENALTIES:
        yield "perceptron", Y2, dict(penalty=penalty, alpha=0.01), 1
        yield "perceptron", Y3, dict(penalty=penalty, alpha=0.01), 1
    yield "perceptron", Y2, {}, 1


def learnt(family, y, args, epochs):
    model = {"classifier": SGDClassifier, "regressor": SGDRegressor, "perceptron": Perceptron}[family](**args)
    model.shuffle = False
    if epochs == 1:
        model.partial_fit(X, y) if family == "regressor" else model.partial_fit(X, y, classes=np.unique(y))
    else:
        model.set_params(max_iter=epochs)
        model.n_iter_no_change = args["n_iter_no_change"]
        model.fit(X, y)
    return model


folder = Path(sys.argv[1])
names = {id(Y2): "two", id(Y3): "three", id(YR): "value"}
with open(folder / "rows.csv", "w") as out:
    for x, two, three, value in zip(X, Y2, Y3, YR):
        out.write(",".join(map(repr, map(float, x))) + f",{two},{three},{float(value)!r}\n")
written = skipped = 0
with open(folder / "sgd.csv", "w") as out:
    for family, y, args, epochs in cases():
        try:
            model = learnt(family, y, args, epochs)
        except ValueError as e:  # these steps are too large for this loss: it overflows in scikit-learn too
            print("left out:", family, args, e, file=sys.stderr)
            skipped += 1
            continue
        coef = np.atleast_2d(model.coef_)
        if np.abs(coef).max() > 1e6:
            print("left out, diverges:", family, args, file=sys.stderr)
            skipped += 1
            continue
        if args.get("class_weight"):
            args = {**args, "class_weight": {str(k): v for k, v in args["class_weight"].items()}}
        ran = getattr(model, "n_iter_", epochs) if epochs > 1 else 1
        numbers = " ".join(repr(float(v)) for v in [*coef.ravel(), *np.atleast_1d(model.intercept_)])
        out.write(f"{family};{names[id(y)]};{int(ran)};{json.dumps(args)};{numbers}\n")
        written += 1
print(written, "written,", skipped, "left out")
