"""What lifelines 0.30.3 makes of a small survival table.

Run: python cox_reference.py ../resources/fedbiomed/training/linear
Writes survival.csv (three inputs, time, event; read by CoxReferenceTest) and prints the values in that test. Times
are rounded so that there are ties; Breslow's likelihood, of which lifelines has only Efron's form, is maximised here
on its own (and lifelines is asked on the table without ties).
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from lifelines import CoxPHFitter
from lifelines.utils import concordance_index
from scipy.optimize import minimize

rng = np.random.default_rng(7)
n = 80
X = rng.normal(size=(n, 3))
X = (X - X.mean(0)) / X.std(0, ddof=1)  # as lifelines does before it penalises
time = rng.exponential(scale=10 * np.exp(-(X @ [0.8, -0.5, 0])))
censoring = rng.exponential(scale=20, size=n)
event = (time <= censoring).astype(int)
exact = np.minimum(time, censoring)
tied = np.ceil(exact / 2)


def breslow(beta, X, t, e):
    eta = X @ beta
    return -sum(eta[i] - np.log(np.exp(eta[t >= t[i]]).sum()) for i in range(len(t)) if e[i]) / len(t)


def show(name, values):
    print(name, ", ".join(repr(float(v)) for v in np.atleast_1d(values)))


with open(Path(sys.argv[1]) / "survival.csv", "w") as out:
    for x, a, b, e in zip(X, exact, tied, event):
        out.write(",".join(repr(float(v)) for v in [*x, a, b]) + f",{e}\n")
frame = pd.DataFrame(X, columns=["a", "b", "c"]).assign(time=exact, event=event)
fitted = CoxPHFitter().fit(frame, "time", "event", fit_options={"precision": 1e-12})
show("lifelines, no ties:", fitted.params_)
show("its mean negative log partial likelihood:", -fitted.log_likelihood_ / n)
ridge = CoxPHFitter(penalizer=0.1).fit(frame, "time", "event", fit_options={"precision": 1e-12})
show("lifelines, penalizer 0.1:", ridge.params_)
best = minimize(breslow, np.zeros(3), args=(X, tied, event), method="BFGS", options={"gtol": 1e-10})
show("Breslow, ties:", best.x)
show("its mean negative log partial likelihood:", best.fun)
risk = X @ [0.8, -0.5, 0]
show("concordance index:", concordance_index(exact, -risk, event))
coarse = np.round(risk)
show("concordance index, ties in time and in risk:", concordance_index(tied, -coarse, event))
