"""Full-batch gradient descent on the embedded digits in float64, from weights that normtrain takes too.

    python3 Tests/Golden/descent.py NORM EXPORTED INITIAL STEPS RATE PART

EXPORTED is a state dict that `normtrain export --pytorch` wrote after any training with this norm: which convolutions have a
bias is read from its names. PART of the digits is train or t10k. INITIAL is written: the weights that the descent begins with, in float32. Prints the loss of
each step, before its update. Batch norm takes its statistics over all images, as synchronised ones are on any number of
workers.
"""

import sys

import torch
from safetensors.torch import load_file, save_file
from torch import nn

from pytorch import Network, digits
from rms import EPSILON


class RootMeanSquareNorm(nn.Module):
    """Over channels and pixels, with a scale for each channel (Zhang and Sennrich 2019, equation 4). PyTorch has had it
    since 2.4."""

    def __init__(self, channels):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))

    def forward(self, x):
        mean_square = x.square().mean(dim=(1, 2, 3), keepdim=True)
        return x / torch.sqrt(mean_square + EPSILON) * self.weight.reshape(1, -1, 1, 1)


def network(norm, exported):
    """The network of normtrain with the parameters of an exported state, and initial values of its own."""
    made = Network("none" if norm == "rms" else norm)
    for name, module in list(made.named_modules()):
        if norm == "rms" and name.startswith("normalization"):
            setattr(made, name, RootMeanSquareNorm(exported[f"{name}.weight"].numel()))
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight)
            module.bias = nn.Parameter(torch.zeros(module.out_channels)) if f"{name}.bias" in exported else None
    return made


def descend(made, images, labels, steps, rate):
    optimiser = torch.optim.SGD(made.parameters(), lr=rate)
    for _ in range(steps):
        optimiser.zero_grad()
        loss = nn.functional.cross_entropy(made(images), labels)
        loss.backward()
        optimiser.step()
        print(loss.item(), flush=True)


norm, exported, initial, steps, rate, part = sys.argv[1:]
torch.manual_seed(600)
exported = load_file(exported)
made = network(norm, exported)
made.load_state_dict(exported, strict=True)
made = network(norm, exported)
save_file(made.state_dict(), initial)
images, labels = digits(part)
images = (images - images.mean()) / images.std(unbiased=False)
descend(made.double(), images, labels, int(steps), float(rate))
