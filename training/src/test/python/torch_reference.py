"""What PyTorch's layers, functions, losses, optimizers and schedules give, from weights and inputs that any language can make.

Run with PyTorch (2.15.0 made the file): python torch_reference.py ../resources/fedbiomed/training/torch
Writes reference.json, read by TorchReferenceTest. A case has the name of the Java expression that it stands for.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

torch.set_num_threads(1)
SEED = 7


def filled(shape, number):
    """Numbers from -1 to 1 in steps of 0.02, no two alike within 101 elements; float32."""
    j = np.arange(int(np.prod(shape)))
    return torch.from_numpy(((((j * 37 + number * 11 + 5) % 101) - 50) / 50).astype(np.float32).reshape(shape))


def positive(shape, number):
    """From 0.01 to 1.01, else as filled."""
    return (filled(shape, number).double() / 2 + 0.51).float()


def whole(shape, number, below):
    j = np.arange(int(np.prod(shape)))
    return torch.from_numpy(((j * 37 + number * 11 + 5) % 101 % below).reshape(shape))


def numbers(tensor):
    return [float(f"{v:.9g}") for v in tensor.detach().double().flatten().tolist()]


def fill_parameters(module):
    with torch.no_grad():
        for number, (_, parameter) in enumerate(sorted(module.named_parameters())):
            parameter.copy_(filled(parameter.shape, number))


def layer(make, shape, below=0):
    """Forward in training, the loss mean((output - target)^2), three steps of SGD, then forward in evaluation."""
    torch.manual_seed(SEED)
    module = make()
    fill_parameters(module)
    x = whole(shape, 8, below) if below else filled(shape, 8).requires_grad_()
    case = {"shape": shape, "below": below}
    trained = list(module.parameters())
    optimizer = torch.optim.SGD(trained, 0.1) if trained else None
    module.train()
    for step in range(3):
        torch.manual_seed(SEED)
        out = module(x)
        loss = ((out - filled(out.shape, 9)) ** 2).mean()
        if step == 0:
            case["output"] = numbers(out)
        module.zero_grad()
        x.grad = None
        loss.backward()
        if step == 0 and not below:
            case["gradient"] = numbers(x.grad)
        if optimizer:
            optimizer.step()
    module.eval()
    case["evaluated"] = numbers(module(x))
    case["after"] = {name: numbers(tensor) for name, tensor in sorted(module.state_dict().items())}
    return case


class Function(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


LAYERS = {
    "linear(4, 3)": (lambda: nn.Linear(4, 3), [5, 4]),
    "embedding(7, 3)": (lambda: nn.Embedding(7, 3), [4, 2], 7),
    "conv1d(2, 3, 3)": (lambda: nn.Conv1d(2, 3, 3), [2, 2, 8]),
    "conv1d(2, 3, 3, 2, 1)": (lambda: nn.Conv1d(2, 3, 3, 2, 1), [2, 2, 8]),
    "conv2d(2, 3, 3)": (lambda: nn.Conv2d(2, 3, 3), [2, 2, 5, 6]),
    "conv2d(2, 3, 3, 2, 1)": (lambda: nn.Conv2d(2, 3, 3, 2, 1), [2, 2, 5, 6]),
    "conv3d(1, 2, 2)": (lambda: nn.Conv3d(1, 2, 2), [2, 1, 3, 4, 3]),
    "conv3d(1, 2, 3, 2, 1)": (lambda: nn.Conv3d(1, 2, 3, 2, 1), [2, 1, 3, 4, 3]),
    "convTranspose2d(3, 2, 2, 2)": (lambda: nn.ConvTranspose2d(3, 2, 2, 2), [2, 3, 2, 3]),
    "convTranspose3d(2, 1, 3, 2)": (lambda: nn.ConvTranspose3d(2, 1, 3, 2), [1, 2, 2, 3, 2]),
    "batchNorm1d(3)": (lambda: nn.BatchNorm1d(3), [5, 3]),
    "batchNorm2d(2)": (lambda: nn.BatchNorm2d(2), [3, 2, 4, 3]),
    "batchNorm3d(2)": (lambda: nn.BatchNorm3d(2), [2, 2, 2, 3, 2]),
    "groupNorm(2, 4)": (lambda: nn.GroupNorm(2, 4), [2, 4, 3, 2]),
    "layerNorm(3, 4)": (lambda: nn.LayerNorm([3, 4]), [2, 3, 4]),
    "instanceNorm1d(2)": (lambda: nn.InstanceNorm1d(2), [2, 2, 5]),
    "instanceNorm2d(2)": (lambda: nn.InstanceNorm2d(2), [2, 2, 4, 3]),
    "instanceNorm3d(2)": (lambda: nn.InstanceNorm3d(2), [2, 2, 2, 3, 2]),
    "dropout(0.4)": (lambda: nn.Dropout(0.4), [4, 10]),
    "sequential(linear(4, 3), relu(), linear(3, 2))": (
        lambda: nn.Sequential(nn.Linear(4, 3), nn.ReLU(), nn.Linear(3, 2)), [5, 4]),
    "relu()": (nn.ReLU, [4, 6]),
    "leakyRelu(0.2)": (lambda: nn.LeakyReLU(0.2), [4, 6]),
    "elu()": (nn.ELU, [4, 6]),
    "gelu()": (nn.GELU, [4, 6]),
    "silu()": (nn.SiLU, [4, 6]),
    "softplus()": (nn.Softplus, [4, 6]),
    "sigmoid()": (nn.Sigmoid, [4, 6]),
    "tanh()": (nn.Tanh, [4, 6]),
    "softmax(1)": (lambda: nn.Softmax(1), [4, 6]),
    "logSoftmax(1)": (lambda: nn.LogSoftmax(1), [4, 6]),
    "maxPool1d(2)": (lambda: nn.MaxPool1d(2), [2, 2, 7]),
    "maxPool2d(2)": (lambda: nn.MaxPool2d(2), [2, 2, 5, 4]),
    "maxPool3d(2)": (lambda: nn.MaxPool3d(2), [1, 2, 4, 5, 4]),
    "avgPool1d(2)": (lambda: nn.AvgPool1d(2), [2, 2, 7]),
    "avgPool2d(2)": (lambda: nn.AvgPool2d(2), [2, 2, 5, 4]),
    "avgPool3d(2)": (lambda: nn.AvgPool3d(2), [1, 2, 4, 5, 4]),
    "adaptiveAvgPool1d(3)": (lambda: nn.AdaptiveAvgPool1d(3), [2, 2, 7]),
    "adaptiveAvgPool2d(2, 3)": (lambda: nn.AdaptiveAvgPool2d((2, 3)), [2, 2, 5, 4]),
    "adaptiveAvgPool3d(2, 3, 1)": (lambda: nn.AdaptiveAvgPool3d((2, 3, 1)), [1, 2, 4, 5, 4]),
    "upsample(2)": (lambda: nn.Upsample(scale_factor=2), [2, 1, 2, 3]),
    "upsample(3)": (lambda: nn.Upsample(scale_factor=3), [1, 1, 2, 2, 2]),
    "interpolate(x, 5, 7)": (
        lambda: Function(lambda x: F.interpolate(x, (5, 7), mode="bilinear", align_corners=False)), [2, 1, 3, 4]),
    "interpolate(x, 3, 5, 4)": (
        lambda: Function(lambda x: F.interpolate(x, (3, 5, 4), mode="trilinear", align_corners=False)), [1, 1, 2, 3, 3]),
    "flatten()": (nn.Flatten, [2, 3, 2]),
    "unflatten(1, 2, 3)": (lambda: nn.Unflatten(1, (1, 2, 3)), [2, 6]),
    "concat(1, x, x.exp())": (lambda: Function(lambda x: torch.cat([x, x.exp()], 1)), [2, 3]),
    "stack(0, x, x.exp())": (lambda: Function(lambda x: torch.stack([x, x.exp()], 0)), [2, 3]),
    "randnLike(x).multiply(x)": (lambda: Function(lambda x: torch.randn_like(x) * x), [4, 6]),
    "reparameterise(x, x)": (lambda: Function(lambda x: x + (x / 2).exp() * torch.randn_like(x)), [4, 6]),
}

OTHER = filled([2, 3, 4], 1)
TENSORS = {
    "add": lambda x: x + OTHER, "add number": lambda x: x + 1.5,
    "subtract": lambda x: x - OTHER, "subtract number": lambda x: x - 1.5,
    "multiply": lambda x: x * OTHER, "multiply number": lambda x: x * 1.5,
    "divide": lambda x: x / OTHER, "divide number": lambda x: x / 1.5,
    "matmul": lambda x: x @ OTHER.transpose(1, 2), "negate": lambda x: -x, "square": torch.square, "sqrt": torch.sqrt,
    "pow": lambda x: x**1.7, "abs": lambda x: (x - 0.5).abs(), "exp": torch.exp, "log": torch.log,
    "clamp": lambda x: x.clamp(0.2, 0.6), "relu": lambda x: (x - 0.5).relu(), "sigmoid": torch.sigmoid,
    "tanh": torch.tanh, "softmax": lambda x: x.softmax(-1), "logSoftmax": lambda x: x.log_softmax(1), "sum": torch.sum,
    "sum dimensions": lambda x: x.sum((0, 2)), "mean": torch.mean, "mean dimensions": lambda x: x.mean((-1,)),
    "argmax": lambda x: x.argmax(1), "greater": lambda x: (x > 0.5).float(), "equal": lambda x: (x == x.relu()).float(),
    "toFloat": lambda x: x.long().float(), "toLong": lambda x: (x * 9.7).long(), "detach": lambda x: x.detach(),
    "reshape": lambda x: x.reshape(4, -1), "flatten": lambda x: x.flatten(1), "permute": lambda x: x.permute(2, 0, 1),
    "transpose": lambda x: x.transpose(0, 2), "unsqueeze": lambda x: x.unsqueeze(1),
    "squeeze": lambda x: x.unsqueeze(1).squeeze(1), "slice": lambda x: x[:, 1:3], "select": lambda x: x[:, :, 2],
}


def dice(p, m):
    p, m = p.flatten(1), m.flatten(1)
    return ((2 * (p * m).sum(1) + 1) / (p.sum(1) + m.sum(1) + 1)).mean()


P, T = filled([4, 3], 2), filled([4, 3], 3)
PROBABILITY, MASK = positive([4, 3], 2), whole([4, 3], 3, 2).float()
CLASSES = whole([4], 3, 3)
LOSSES = {
    "crossEntropy(logits)": (P, lambda x: F.cross_entropy(x, CLASSES)),
    "crossEntropy(pixels)": (filled([2, 3, 2, 2], 2), lambda x: F.cross_entropy(x, whole([2, 2, 2], 3, 3))),
    "crossEntropy(logits, weights)": (
        P, lambda x: F.cross_entropy(x, CLASSES, weight=torch.tensor([0.5, 2.0, 3.0]))),
    "nllLoss": (P, lambda x: F.nll_loss(x.log_softmax(1), CLASSES)),
    "bceWithLogits": (P, lambda x: F.binary_cross_entropy_with_logits(x, MASK)),
    "bceWithLogits(positiveWeight)": (
        P, lambda x: F.binary_cross_entropy_with_logits(x, MASK, pos_weight=torch.tensor([2.5]))),
    "bceLoss": (P, lambda x: F.binary_cross_entropy(x.sigmoid(), PROBABILITY.clamp(0, 1))),
    "mseLoss": (P, lambda x: F.mse_loss(x, T)),
    "l1Loss": (P, lambda x: F.l1_loss(x, T)),
    "smoothL1Loss": (P, lambda x: F.smooth_l1_loss(x, 2 * T)),
    "huberLoss": (P, lambda x: F.huber_loss(x, T, delta=0.4)),
    "klDivLoss": (P, lambda x: F.kl_div(x.log_softmax(1), PROBABILITY, reduction="batchmean")),
    "klToStandardNormal": (P, lambda x: torch.distributions.kl_divergence(
        torch.distributions.Normal(x, (T / 2).exp()), torch.distributions.Normal(0, 1)).sum(1).mean()),
    "diceLoss": (P, lambda x: 1 - dice(x.sigmoid(), MASK)),
    "diceScore": (P, lambda x: dice((x > 0).float(), MASK)),
}


def loss(x, function):
    x = x.clone().requires_grad_()
    value = function(x)
    if not value.requires_grad:
        return {"value": numbers(value)}
    value.backward()
    return {"value": numbers(value), "gradient": numbers(x.grad)}


def of(make, mu=0, first_rate=None, frozen=False):
    """Three batches. FedProx as a term of the loss; the layer "0" with a rate of its own, or frozen."""
    net = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))
    fill_parameters(net)
    before = [p.detach().clone() for p in net.parameters()]
    for p in net[0].parameters():
        p.requires_grad_(not frozen)
    groups = [{"params": [p for p in net.parameters() if p.requires_grad]}]
    if first_rate:
        groups = [{"params": list(net[2].parameters())}, {"params": list(net[0].parameters()), "lr": first_rate}]
    optimizer = make(groups if first_rate else groups[0]["params"])
    losses = []
    for step in range(3):
        x, y = filled([5, 3], 20 + step), filled([5, 2], 30 + step)

        def closure():
            optimizer.zero_grad()
            plain = F.mse_loss(net(x), y)
            pull = sum(((p - b) ** 2).sum() for p, b in zip(net.parameters(), before)) * mu / 2
            (plain + pull).backward()
            return plain

        losses.append(optimizer.step(closure))
    return {"losses": numbers(torch.stack(losses)),
            "after": {name: numbers(tensor) for name, tensor in sorted(net.state_dict().items())}}


optim = torch.optim
OPTIMIZERS = {
    "sgd(model, 0.1)": of(lambda p: optim.SGD(p, 0.1)),
    "sgd(model, 0.1), fedprox_mu 0.5": of(lambda p: optim.SGD(p, 0.1), mu=0.5),
    "sgd(model, 0.05, 0.9, 0.01)": of(lambda p: optim.SGD(p, 0.05, momentum=0.9, weight_decay=0.01)),
    "adam(model, 0.1)": of(lambda p: optim.Adam(p, 0.1)),
    "adam(model, 0.1, 0.3)": of(lambda p: optim.Adam(p, 0.1, weight_decay=0.3)),
    "adam(model, 0.1).rate(first, 0.01)": of(lambda p: optim.Adam(p, 0.1), first_rate=0.01),
    "adam(model, 0.1), first frozen": of(lambda p: optim.Adam(p, 0.1), frozen=True),
    "adamW(model, 0.1)": of(lambda p: optim.AdamW(p, 0.1)),
    "adamW(model, 0.1, 0.3)": of(lambda p: optim.AdamW(p, 0.1, weight_decay=0.3)),
    "rmsprop(model, 0.01)": of(lambda p: optim.RMSprop(p, 0.01)),
    "adagrad(model, 0.1)": of(lambda p: optim.Adagrad(p, 0.1)),
    "lbfgs(model, 0.2, 5)": of(lambda p: optim.LBFGS(p, 0.2, max_iter=5)),
}


def rates(make):
    """Of eight rounds."""
    optimizer = optim.SGD([torch.zeros(1)], 0.3)
    schedule = make(optimizer)
    values = []
    for _ in range(8):
        values.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    return values


schedulers = optim.lr_scheduler
written = {
    "layers": {name: layer(*case) for name, case in LAYERS.items()},
    "tensors": {name: numbers(function(positive([2, 3, 4], 8))) for name, function in TENSORS.items()},
    "losses": {name: loss(*case) for name, case in LOSSES.items()},
    "optimizers": OPTIMIZERS,
    "schedules": {
        "stepRate(0.3, 3, 0.5)": rates(lambda o: schedulers.StepLR(o, 3, 0.5)),
        "exponentialRate(0.3, 0.9)": rates(lambda o: schedulers.ExponentialLR(o, 0.9)),
        "cosineRate(0.3, 8)": rates(lambda o: schedulers.CosineAnnealingLR(o, 8)),
    },
}
with open(Path(sys.argv[1]) / "reference.json", "w") as out:
    out.write("{\n" + ",\n".join(
        f'"{group}": {{\n' + ",\n".join(f"{json.dumps(name)}: {json.dumps(case)}" for name, case in cases.items()) + "}"
        for group, cases in written.items()) + "}\n")
