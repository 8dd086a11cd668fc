"""Writes backbone.safetensors: TransferPlan's convolutions, trained with PyTorch on the digits 0-4 alone.

    pip install torch scikit-learn safetensors
    python make_weights.py

Seed 3; another version of PyTorch may give other bytes. The head that told 0-4 apart is left out.
"""
from pathlib import Path

import torch
from safetensors.torch import save_file
from sklearn.datasets import load_digits
from torch import nn

torch.manual_seed(3)
digits = load_digits()
seen = digits.target < 5
images = torch.tensor(digits.images[seen], dtype=torch.float32).unsqueeze(1) / 16
labels = torch.tensor(digits.target[seen])

backbone = nn.Sequential(
    nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()
)
model = nn.Sequential(backbone, nn.Linear(128, 5))
optimizer = torch.optim.Adam(model.parameters(), lr=0.002)
for epoch in range(15):
    for rows in torch.randperm(len(labels)).split(32):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(images[rows]), labels[rows]).backward()
        optimizer.step()
print("training accuracy", (model(images).argmax(1) == labels).float().mean().item())
save_file(
    {f"backbone.{name}": tensor.contiguous() for name, tensor in backbone.state_dict().items()},
    Path(__file__).with_name("backbone.safetensors"),
)
