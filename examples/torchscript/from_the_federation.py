"""Loads what the federation trained: python from_the_federation.py trained.pt global.safetensors digits.safetensors net.pt

Prints whether the TorchScript file and the network with the safetensors file's values agree, and the accuracy.
"""
import sys

import torch
from safetensors.torch import load_file


def load(path):
    return torch.jit.load(path).eval()


script, state, data = sys.argv[1:4]
arrays = load_file(data)
images = arrays["image"].float() / 16
with torch.no_grad():
    exported = load(script)
    scores = exported(images)
    untrained = load(sys.argv[4])
    untrained.load_state_dict(load_file(state))
    again = untrained(images)
print("same", torch.equal(scores, again))
print("accuracy", (scores.argmax(1) == arrays["label"]).float().mean().item())
