"""Writes net.pt: an untrained network for 8 by 8 images with dropout and batch normalisation, as TorchScript.

    pip install torch
    python make_script.py

Seed 5; another version of PyTorch may give other bytes. --trace-evaluation FILE writes it traced in evaluation mode
instead, which a plan refuses.
"""
import sys
from pathlib import Path

import torch
from torch import nn

torch.manual_seed(5)
net = nn.Sequential()
net.add_module("conv", nn.Conv2d(1, 8, 3, padding=1))
net.add_module("bn", nn.BatchNorm2d(8))
net.add_module("relu", nn.ReLU())
net.add_module("pool", nn.MaxPool2d(2))
net.add_module("flatten", nn.Flatten())
net.add_module("dropout", nn.Dropout(0.2))
net.add_module("fc", nn.Linear(128, 10))
if sys.argv[1:2] == ["--trace-evaluation"]:
    torch.jit.trace(net.eval(), torch.zeros(2, 1, 8, 8)).save(sys.argv[2])
else:
    torch.jit.script(net).save(Path(__file__).with_name("net.pt"))
