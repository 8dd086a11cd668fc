"""What the optimizer modules give: written from their papers' formulas, one number at a time, in Python's binary64.

Needs Python alone. Run in this folder; writes ../resources/fedbiomed/training/optimizer/modules.json.
"""

import json
import math

# three steps on two tensors, of 3 elements and of 1
WEIGHTS = [0.5, -2.0, 0.0, 1.5]
GRADIENTS = [
    [0.1, -0.4, 2.0, -3.0],
    [-0.3, 0.2, 1.0, 0.5],
    [0.0, -5.0, 0.25, 4.0],
]


def sign(x):
    return (x > 0) - (x < 0)


def momentum(beta=0.9, nesterov=False):
    v = [0.0] * 4
    for g in GRADIENTS:
        for i in range(4):
            v[i] = beta * v[i] + g[i]
        yield [g[i] + beta * v[i] if nesterov else v[i] for i in range(4)]


def adam(beta_1=0.9, beta_2=0.99, eps=1e-7, amsgrad=False, bias_correction=True, yogi=False):
    m, v, largest = [0.0] * 4, [0.0] * 4, [0.0] * 4
    for t, g in enumerate(GRADIENTS, start=1):
        out = []
        for i in range(4):
            m[i] = beta_1 * m[i] + (1 - beta_1) * g[i]
            if yogi:
                v[i] = v[i] - (1 - beta_2) * sign(v[i] - g[i] ** 2) * g[i] ** 2
            else:
                v[i] = beta_2 * v[i] + (1 - beta_2) * g[i] ** 2
            largest[i] = max(largest[i], v[i])
            used = largest[i] if amsgrad else v[i]
            first = 1 - beta_1**t if bias_correction else 1
            second = 1 - beta_2**t if bias_correction else 1
            out.append((m[i] / first) / (math.sqrt(used / second) + eps))
        yield out


def adagrad(eps=1e-7):
    s = [0.0] * 4
    for g in GRADIENTS:
        for i in range(4):
            s[i] += g[i] ** 2
        yield [g[i] / (math.sqrt(s[i]) + eps) for i in range(4)]


def rmsprop(beta=0.9, eps=1e-7):
    s = [0.0] * 4
    for g in GRADIENTS:
        for i in range(4):
            s[i] = beta * s[i] + (1 - beta) * g[i] ** 2
        yield [g[i] / (math.sqrt(s[i]) + eps) for i in range(4)]


def clip_norm(max_norm):
    for g in GRADIENTS:
        norm = math.hypot(*g)
        yield [x * max_norm / norm if norm > max_norm else x for x in g]


def clip_value(max):
    for g in GRADIENTS:
        yield [x if abs(x) <= max else sign(x) * max for x in g]


def ridge(alpha=0.01):
    for g in GRADIENTS:
        yield [x + 2 * alpha * w for x, w in zip(g, WEIGHTS)]


def lasso(alpha=0.01):
    for g in GRADIENTS:
        yield [x + alpha * sign(w) for x, w in zip(g, WEIGHTS)]


CASES = [
    ("momentum", {}, momentum()),
    ("momentum", {"beta": 0.5}, momentum(0.5)),
    ("nesterov", {}, momentum(nesterov=True)),
    ("nesterov", {"beta": 0.0}, momentum(0.0, nesterov=True)),
    ("adam", {}, adam()),
    ("adam", {"beta_1": 0.8, "beta_2": 0.95, "eps": 1e-3}, adam(0.8, 0.95, 1e-3)),
    ("adam", {"amsgrad": True}, adam(amsgrad=True)),
    ("adam", {"beta_2": 0.5, "amsgrad": True}, adam(beta_2=0.5, amsgrad=True)),
    ("adam", {"bias_correction": False}, adam(bias_correction=False)),
    ("yogi", {}, adam(yogi=True)),
    ("yogi", {"beta_2": 0.5, "eps": 1e-3}, adam(beta_2=0.5, eps=1e-3, yogi=True)),
    ("adagrad", {}, adagrad()),
    ("adagrad", {"eps": 0.1}, adagrad(0.1)),
    ("rmsprop", {}, rmsprop()),
    ("rmsprop", {"beta": 0.5, "eps": 0.1}, rmsprop(0.5, 0.1)),
    ("clip_norm", {"max_norm": 2.0}, clip_norm(2.0)),
    ("clip_value", {"max": 0.5}, clip_value(0.5)),
    ("ridge", {}, ridge()),
    ("ridge", {"alpha": 0.7}, ridge(0.7)),
    ("lasso", {}, lasso()),
    ("lasso", {"alpha": 0.7}, lasso(0.7)),
]

if __name__ == "__main__":
    cases = [{"name": n, "args": a, "gives": list(g)} for n, a, g in CASES]
    with open("../resources/fedbiomed/training/optimizer/modules.json", "w") as file:
        json.dump({"weights": WEIGHTS, "gradients": GRADIENTS, "cases": cases}, file, indent=1)
        file.write("\n")
