"""Loads what `normtrain export --pytorch` wrote into the same network in PyTorch, and compares what they compute.

    python3 Tests/Golden/load_exported.py NORM STATE LOGITS [NORM STATE LOGITS ...]

LOGITS is a safetensors file with `images` (N×H×W×C) and normtrain's `logits` of them. Prints a line for each: the largest
difference of the logits as a share of the largest logit. load_state_dict is strict: a missing tensor, a strange one or one of another
shape is an error.
"""

import sys

import torch
from safetensors.torch import load_file

from pytorch import Network



def difference(norm, state, answers):
    answers = load_file(answers)
    images = answers["images"].permute(0, 3, 1, 2)
    network = Network(norm, input_channels=images.shape[1], classes=answers["logits"].shape[1])
    network.load_state_dict(load_file(state), strict=True)
    with torch.no_grad():
        expected = network.double().eval()(images.double())
    return ((answers["logits"] - expected).abs().max() / expected.abs().max()).item()


arguments = sys.argv[1:]
for first in range(0, len(arguments), 3):
    print(difference(*arguments[first : first + 3]))
