"""Trains what fedbiomed.benchmarks.TrainingCases names, with PyTorch or scikit-learn, one thread, data in memory.

training.py CASE FILE BATCH_SIZE EPOCHS: says its library's version, then trains once for each line that comes and says
the seconds that the loop took. The loop is the plainest fast one: rows are drawn by index from tensors, without a
DataLoader, which would only slow it down.
"""
import json
import sys
import time

import numpy as np

LIBRARY = "sklearn" if sys.argv[1].startswith("linear") else "torch"


def table(file):
    rows = np.loadtxt(file, delimiter=",", skiprows=1)
    return rows[:, :-1], rows[:, -1].astype(np.int64)


def arrays(file):
    """A safetensors file: the header's length, the header, the arrays."""
    types = {"F32": np.float32, "I64": np.int64, "U8": np.uint8}
    raw = open(file, "rb").read()
    length = int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8:8 + length])
    result = {}
    for name, entry in header.items():
        if name != "__metadata__":
            begin, end = entry["data_offsets"]
            data = raw[8 + length + begin:8 + length + end]
            result[name] = np.frombuffer(data, types[entry["dtype"]]).reshape(entry["shape"]).copy()
    return result


def torch_loop(name, file, size, epochs):
    import torch
    from torch import nn
    import torch.nn.functional as F

    torch.set_num_threads(1)

    def block(i, o):
        return nn.Sequential(nn.Conv3d(i, o, 3, 1, 1), nn.GroupNorm(4, o), nn.ReLU(),
                             nn.Conv3d(o, o, 3, 1, 1), nn.GroupNorm(4, o), nn.ReLU())

    class UNet(nn.Module):
        def __init__(self, w):
            super().__init__()
            self.down1, self.down2, self.bottom = block(1, w), block(w, 2 * w), block(2 * w, 4 * w)
            self.up2, self.join2 = nn.ConvTranspose3d(4 * w, 2 * w, 2, 2), block(4 * w, 2 * w)
            self.up1, self.join1 = nn.ConvTranspose3d(2 * w, w, 2, 2), block(2 * w, w)
            self.head, self.pool = nn.Conv3d(w, 1, 1), nn.MaxPool3d(2)

        def forward(self, image):
            high = self.down1(image)
            middle = self.down2(self.pool(high))
            low = self.bottom(self.pool(middle))
            back = self.join2(torch.cat((middle, self.up2(low)), 1))
            return self.head(self.join1(torch.cat((high, self.up1(back)), 1)))

    def dice(logits, mask):
        p, m = logits.sigmoid().flatten(1), mask.flatten(1)
        return 1 - ((2 * (p * m).sum(1) + 1) / (p.sum(1) + m.sum(1) + 1)).mean()

    if name == "mlp":
        x, y = table(file)
        x, y = torch.tensor(x, dtype=torch.float32), torch.tensor(y)
        model = nn.Sequential(nn.Linear(32, 256), nn.ReLU(), nn.Linear(256, 256), nn.ReLU(), nn.Linear(256, 2))
        optimizer = torch.optim.SGD(model.parameters(), 0.01, momentum=0.9)
        step = lambda a, b: F.cross_entropy(model(a), b)
    elif name == "cnn":
        data = arrays(file)
        x, y = torch.tensor(data["image"]), torch.tensor(data["label"])
        model = nn.Sequential(nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3), nn.ReLU(),
                              nn.MaxPool2d(2), nn.Flatten(), nn.Linear(64 * 5 * 5, 10))
        optimizer = torch.optim.Adam(model.parameters(), 0.001)
        step = lambda a, b: F.cross_entropy(model(a), b)
    else:
        data = arrays(file)
        x, y = torch.tensor(data["image"]), torch.tensor(data["mask"]).float()
        model = UNet(8)
        optimizer = torch.optim.AdamW(model.parameters(), 0.005)

        def step(a, b):
            logits = model(a / 255)
            return dice(logits, b) + F.binary_cross_entropy_with_logits(logits, b)

    def loop():
        total = 0.0
        for _ in range(epochs):
            order = torch.randperm(len(x))
            for begin in range(0, len(x), size):
                rows = order[begin:begin + size]
                optimizer.zero_grad()
                loss = step(x[rows], y[rows])
                loss.backward()
                optimizer.step()
                total += loss.item()

    return "PyTorch " + torch.__version__, loop


def sklearn_loop(name, file, size, epochs):
    import sklearn
    from sklearn.linear_model import SGDClassifier

    x, y = table(file)
    model = SGDClassifier(loss="log_loss")
    classes = np.array([0, 1])
    random = np.random.default_rng(1)

    def whole():
        # a step a row: what one call does; it shuffles by itself
        for _ in range(epochs):
            model.partial_fit(x, y, classes=classes)

    def by_batch():
        for _ in range(epochs):
            order = random.permutation(len(x))
            for begin in range(0, len(x), size):
                rows = order[begin:begin + size]
                model.partial_fit(x[rows], y[rows], classes=classes)

    return "scikit-learn " + sklearn.__version__, whole if name == "linear-1" else by_batch


def main():
    name, file, size, epochs = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    version, loop = (sklearn_loop if LIBRARY == "sklearn" else torch_loop)(name, file, size, epochs)
    print(version, flush=True)
    for _ in sys.stdin:
        begin = time.perf_counter()
        loop()
        print(time.perf_counter() - begin, flush=True)


if __name__ == "__main__":
    main()
